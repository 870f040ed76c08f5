"""The chat template of the tiny model: turns as in ChatML, tools and thinking as in Qwen3, in our own words. Pure.

It gives, for the same conversation, what Qwen3's own template gives (a system turn with the tools as JSON lines, calls
in `<tool_call>`, results in `<tool_response>` inside a user turn, thinking kept only after the last question), so that
everything built on it meets what it will meet with real weights. One habit of the original is kept on purpose: with
thinking off the prompt opens with an empty `<think>` block which later renderings leave out. So a history that is
rendered again differs from what the model saw, and a test can show why token ids are kept instead.
"""

CHAT_TEMPLATE = r"""
{%- set ns = namespace(question=-1) %}
{%- for message in messages %}
  {%- if message.role == 'user' and not (message.content or '').startswith('<tool_response>') %}
    {%- set ns.question = loop.index0 %}
  {%- endif %}
{%- endfor %}
{%- set head = messages[0].content or '' if messages and messages[0].role == 'system' else '' %}
{%- if tools %}
  {{- '<|im_start|>system\n' }}
  {%- if head %}
    {{- head + '\n\n' }}
  {%- endif %}
  {{- '# Tools\n\nYou may call functions. Their signatures, one a line:\n<tools>' }}
  {%- for tool in tools %}
    {{- '\n' + (tool | tojson) }}
  {%- endfor %}
  {{- '\n</tools>\n\nWrite each call as JSON between the tags:\n' }}
  {{- '<tool_call>\n{"name": <name>, "arguments": <object>}\n</tool_call><|im_end|>\n' }}
{%- elif head %}
  {{- '<|im_start|>system\n' + head + '<|im_end|>\n' }}
{%- endif %}
{%- for message in messages %}
  {%- set content = message.content or '' %}
  {%- if message.role == 'user' or (message.role == 'system' and not loop.first) %}
    {{- '<|im_start|>' + message.role + '\n' + content + '<|im_end|>\n' }}
  {%- elif message.role == 'assistant' %}
    {{- '<|im_start|>assistant\n' }}
    {%- if message.reasoning_content and loop.index0 > ns.question %}
      {{- '<think>\n' + message.reasoning_content.strip('\n') + '\n</think>\n\n' }}
    {%- endif %}
    {{- content }}
    {%- for call in message.tool_calls or [] %}
      {%- if content or not loop.first %}
        {{- '\n' }}
      {%- endif %}
      {{- '<tool_call>\n{"name": ' + (call.function.name | tojson) + ', "arguments": ' }}
      {%- if call.function.arguments is string %}
        {{- call.function.arguments }}
      {%- else %}
        {{- call.function.arguments | tojson }}
      {%- endif %}
      {{- '}\n</tool_call>' }}
    {%- endfor %}
    {{- '<|im_end|>\n' }}
  {%- elif message.role == 'tool' %}
    {%- if loop.first or loop.previtem.role != 'tool' %}
      {{- '<|im_start|>user' }}
    {%- endif %}
    {{- '\n<tool_response>\n' + content + '\n</tool_response>' }}
    {%- if loop.last or loop.nextitem.role != 'tool' %}
      {{- '<|im_end|>\n' }}
    {%- endif %}
  {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
  {{- '<|im_start|>assistant\n' }}
  {%- if enable_thinking is defined and enable_thinking is false %}
    {{- '<think>\n\n</think>\n\n' }}
  {%- endif %}
{%- endif %}
""".strip()
