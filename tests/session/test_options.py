"""Settings in one spelling, whatever client wrote them."""

from rtc_server.session.options import camel_case, session_options


def test_snake_case_and_null_are_understood() -> None:
    settings = {
        "client_reference_id": "u-1",
        "provided_data": {"first_name": "Robin"},
        "default_lang": None,
        "langs": ["en"],
        "customization": {"permissions_page": {"button_text": "Go", "button_text_translates": {"pt_BR": "Ir"}}},
        "avatarId": "ava",
    }
    assert session_options(settings) == {
        "clientReferenceId": "u-1",
        "providedData": {"first_name": "Robin"},
        "langs": ["en"],
        "customization": {"permissionsPage": {"buttonText": "Go", "buttonTextTranslates": {"pt_BR": "Ir"}}},
        "avatarId": "ava",
    }


def test_the_newest_form_stays_as_it_is() -> None:
    settings = {"metadata": {"a_b": None}, "customization": {"controls": {"buttons": []}}, "defaultLang": "de"}
    assert session_options(settings) == settings


def test_the_flow_is_not_an_option() -> None:
    assert session_options({"flow": [{"id": "s"}], "langs": []}) == {"langs": []}


def test_when_both_spellings_are_there_the_new_one_counts() -> None:
    assert camel_case({"default_lang": "de", "defaultLang": "en"}) == {"defaultLang": "en"}
    assert camel_case({"defaultLang": "en", "default_lang": "de"}) == {"defaultLang": "en"}
    assert camel_case({"defaultLang": None, "default_lang": "de"}) == {"defaultLang": "de"}


def test_keys_that_are_data_stay() -> None:
    module = {
        "type": "x",
        "requested_data": [{"key": "a_b", "is_required": True}],
        "outcomes": {"delivery_failed": "e"},
    }
    assert camel_case(module) == {
        "type": "x",
        "requestedData": [{"key": "a_b", "isRequired": True}],
        "outcomes": {"delivery_failed": "e"},
    }


def test_one_language_of_the_first_generation_is_the_default() -> None:
    assert session_options({"lang": "fr"})["defaultLang"] == "fr"
    assert session_options({"lang": "fr", "defaultLang": "de"})["defaultLang"] == "de"


def test_flat_names_of_customization_find_their_place() -> None:
    settings = {"permissionsButtonText": "Go", "customization": {"permissionsBackgroundType": "color"}}
    page = session_options(settings)["customization"]["permissionsPage"]
    assert page == {"buttonText": "Go", "backgroundType": "COLOR"}
    newer = settings | {"customization": {"permissionsPage": {"buttonText": "Start"}}}
    assert session_options(newer)["customization"]["permissionsPage"]["buttonText"] == "Start"


def test_modules_add_what_they_ask_for() -> None:
    modules = [
        {"type": "proofOfIntent", "requested_data": [{"key": "approves"}]},
        {"type": "emailVerification", "email": "robin@example.org"},
    ]
    options = session_options({"modules": modules, "providedData": {"name": "Robin"}})
    assert [entry["fieldName"] for entry in options["extractionSchema"]] == ["approves"]
    assert options["providedData"] == {"email": "robin@example.org", "name": "Robin"}
    own = {"fieldName": "approves", "type": "string", "description": "in my words"}
    assert session_options({"modules": modules, "extractionSchema": [own]})["extractionSchema"] == [own]
    assert "extractionSchema" not in session_options({"modules": modules, "flow": []}), "a flow comes first"
