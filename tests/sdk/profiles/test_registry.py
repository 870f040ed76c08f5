"""Which models need a profile: by name, or as the flag says."""

import pytest

from metier.errors import MissingError
from metier.profiles.registry import find_profile
from metier.profiles.tongyi.model import TongyiModel
from metier.testing import ScriptedModel


@pytest.mark.parametrize(
    "name",
    [
        "Tongyi-DeepResearch-30B-A3B",
        "Alibaba-NLP/Tongyi-DeepResearch-30B-A3B",
        "alibaba/tongyi-deepresearch-30b-a3b",
        "openai:Tongyi_DeepResearch_30B",
        "ALIBABA-NLP/TONGYI-NEXT",
    ],
)
def test_the_weights_are_known_by_their_name_however_it_is_spelled(name: str) -> None:
    assert find_profile(name) is TongyiModel


@pytest.mark.parametrize("name", ["gpt-5", "Qwen3-30B-A3B", "playbook", "", "tongyi", "qwen/tongyi-embedding"])
def test_other_models_are_taken_as_they_are(name: str) -> None:
    assert find_profile(name) is None


def test_the_flag_decides_over_the_name() -> None:
    assert find_profile("my-finetune", "tongyi") is TongyiModel
    assert find_profile("Tongyi-DeepResearch-30B-A3B", "none") is None


def test_an_unknown_flag_names_the_profiles_there_are() -> None:
    with pytest.raises(MissingError, match=r"no profile 'qwen'\. Profiles: tongyi, none"):
        find_profile("Tongyi-DeepResearch-30B-A3B", "qwen")


def test_a_wrapped_model_keeps_the_name_under_which_runs_record_it() -> None:
    profile = find_profile("x", "tongyi")
    assert profile is not None
    wrapped = profile(ScriptedModel([], name="weights"))
    assert (wrapped.system, wrapped.model_name) == ("testing", "weights")
