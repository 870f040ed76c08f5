"""The law of the fictional country: its statutes and cases in English and Chinese, and tasks with known answers."""

SAMPLE_REQUEST = (
    "A tenant stopped paying after the heating failed for six weeks. May the landlord terminate?"
    " Date of the facts: 3 February 2021."
)
SAMPLE_REQUEST_ZH = "暖气坏了六周，承租人停止支付租金。出租人可以解除合同吗？事实发生日期：2021年2月3日。"
