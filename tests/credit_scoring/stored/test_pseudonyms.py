"""Applicants in score records: the same one is the same number, and nobody can tell who."""

import boto3
import numpy as np
import pytest
from credit_scoring.errors import StorageRefused
from credit_scoring.stored.pseudonyms import NOBODY, Pseudonyms, open_pseudonyms


def test_the_same_applicant_is_the_same_number_and_others_are_others():
    ids = [str(n) for n in range(100_000)]
    numbers = Pseudonyms("key").of(ids)
    assert numbers.dtype == np.uint64
    assert len(set(numbers.tolist())) == len(ids)
    assert (Pseudonyms("key").of(ids[::-1]) == numbers[::-1]).all()


def test_another_key_gives_other_numbers():
    assert Pseudonyms("key").of(["1"]) != Pseudonyms("other").of(["1"])


def test_a_score_without_an_id_is_nobodys():
    assert Pseudonyms("key").of(["", "1"]).tolist()[0] == NOBODY


def test_the_key_is_no_part_of_what_is_printed():
    assert "hidden" not in repr(Pseudonyms("hidden"))


def test_the_key_is_read_from_its_secret(aws):
    secret = boto3.client("secretsmanager", region_name="eu-west-3").create_secret(
        Name="pseudonyms", SecretString="key"
    )["ARN"]
    found = open_pseudonyms({"PSEUDONYM_SECRET": secret})
    assert found.of(["1"]) == Pseudonyms("key").of(["1"])


def test_a_secret_that_is_not_there_is_an_error_of_ours(aws):
    with pytest.raises(StorageRefused):
        open_pseudonyms({"PSEUDONYM_SECRET": "nothing"}).of(["1"])


def test_a_deployment_without_a_key_does_not_start():
    with pytest.raises(KeyError):
        open_pseudonyms({})
