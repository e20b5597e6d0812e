"""Tests of the web pages: their content, their escaping, that they contain no secret, that a browser shows them."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import add_csv, body_of, new_dataset, new_group, new_user, publish, wait_until_settled
from .harvesting import run

SECRET = "canary-52c1e8"
NASTY = "<script>document.title='owned'</script> & \"quotes\""

Page = Callable[[str], str]


@pytest.fixture
def page(emulator: Emulator) -> Iterator[Page]:
    """Returns the HTML at a path of the portal."""
    with httpx.Client(base_url=emulator.url, verify=False, timeout=30) as client:

        def html(path: str) -> str:
            return client.get(path).text

        yield html


def text_of(html: str) -> str:
    """The visible text of a page."""
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]*>", " ", html, flags=re.S).split())


def filled(api: httpx.Client, emulator: Emulator) -> None:
    """A portal with objects of every type, and secrets wherever possible."""
    uid = new_dataset(api, "air")
    add_csv(api, uid, f"City,Note\nBasel,{NASTY!r}\nBern,quiet\n")
    rule = {"type": "rename", "label": "x", "from_name": "note", "to_name": "note", "field_label": NASTY}
    body_of(api.post(f"/datasets/{uid}/fields/", json=rule), 201)
    publish(api, uid)
    broken = new_dataset(api, "broken")
    add_csv(api, broken)
    body_of(api.post(f"/datasets/{broken}/processors/", json={"type": "split", "label": "cut"}), 201)
    publish(api, broken)
    new_dataset(api, "fresh")
    connection = {
        "type": "http",
        "url": f"https://user:{SECRET}@files.example.org/exports?token={SECRET}",
        "headers": [{"name": "X-Token", "value": SECRET}],
        "auth": {"type": "basic_auth", "username": "portal", "password": SECRET},
    }
    body_of(api.post("/datasource_connections/", json=connection), 201)
    harvester = {"type": "ods", "name": NASTY, "domain": "nowhere", "api_key": SECRET}
    uid = body_of(api.post("/harvesters/", json=harvester), 201)["uid"]
    run(api, uid)
    group = new_group(api, NASTY, permissions=["edit_dataset"])
    new_user(api, "ada@example.org", groups=[{"uid": group["uid"]}])
    content = {"html": {"en": f"<h1>Home</h1>{NASTY}"}, "css": {"en": "h1 { color: teal; }</style>"}}
    body = {"slug": "home", "content": content, "title": {"en": NASTY}}
    body_of(api.post("/code_editor_pages/", json=body), 201)
    body_of(api.post("/studio_pages/", json={"slug": "start"}), 201)
    body_of(api.post("/medias/images/", files={"file": ("logo.svg", b"<svg/>")}), 201)
    httpx.get(
        f"{emulator.url}/api/automation/v1.0/datasets/",
        params={"apikey": emulator.key, "limit": 7},
        verify=False,
        timeout=30,
    )


def test_page_of_an_empty_portal_proposes_a_first_step(emulator: Emulator, page: Page) -> None:
    text = text_of(page("/"))
    assert "Nothing here yet. Make the first dataset with a call to the Automation API:" in text
    assert f"curl {emulator.url}/api/automation/v1.0/datasets/" in text
    assert str(emulator.portal.folder.resolve() / "api-key") in text
    assert "No connections." in text
    assert "No groups." in text


def test_proposed_first_step_works(emulator: Emulator, page: Page, api: httpx.Client) -> None:
    found = re.search(r"<pre>(.*?)</pre>", page("/"), flags=re.S)
    assert found is not None
    command = found[1].replace("&#39;", "'").replace("&#34;", '"').replace("curl ", "curl -s --noproxy '*' ")
    subprocess.run(command, shell=True, check=True, capture_output=True)
    (dataset,) = body_of(api.get("/datasets/"))["results"]
    assert dataset["metadata"]["default"]["title"] == {"value": "My first dataset"}


def test_page_shows_datasets_with_fields_and_records(emulator: Emulator, page: Page, api: httpx.Client) -> None:
    filled(api, emulator)
    text = text_of(page("/"))
    assert "Datasets 3" in text
    assert "Air air published 2 records" in text
    assert "Fresh fresh unpublished 0 records" in text
    assert "Broken broken error 0 records Processor pr_" in text
    assert "(split, number 1) is misconfigured: parameter &#34;field&#34; is missing" in text
    assert "city City text" in text
    assert "Bern quiet" in text


def test_page_shows_connections_users_groups_and_requests(emulator: Emulator, page: Page, api: httpx.Client) -> None:
    filled(api, emulator)
    text = text_of(page("/"))
    assert "http https://files.example.org/exports basic_auth: portal" in text
    assert "ada@example.org" in text
    assert "edit_dataset" in text
    assert "ods idle 0" in text
    assert "GET /datasets/?limit=7 200" in text
    assert text.index("GET /datasets/?limit=7") < text.index("POST /users/invite/") < text.index("POST /groups/")


def test_page_shows_pages_and_images(emulator: Emulator, page: Page, api: httpx.Client) -> None:
    filled(api, emulator)
    html = page("/")
    assert 'href="/pages/home/"' in html
    assert 'href="/assets/theme_image/logo.svg"' in html
    assert "start Studio some unpublished" in text_of(html)
    api.post("/code_editor_pages/home/archive/")
    assert 'href="/pages/home/"' not in page("/")


def test_public_page_is_shown_and_runs_no_script(emulator: Emulator, api: httpx.Client) -> None:
    filled(api, emulator)
    shown = httpx.get(f"{emulator.url}/pages/home/", verify=False, timeout=30)
    assert "<h1>Home</h1>" in shown.text
    assert shown.text.count("</style>") == 1
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    body_of(api.put("/code_editor_pages/home/", json={"content": {}, "is_restricted": True}))
    hidden = httpx.get(f"{emulator.url}/pages/home/", verify=False, timeout=30)
    assert (hidden.status_code, "There is no public page home" in hidden.text) == (404, True)


def test_page_shows_metadata_templates(page: Page, api: httpx.Client) -> None:
    assert "No templates but those of the system." in text_of(page("/"))
    schema = [{"name": "century"}, {"name": "owner"}]
    body = {"name": "heritage", "title": "Old things", "type": "basic", "is_active": False, "schema": schema}
    api.post("/metadata/templates/", json=body).raise_for_status()
    assert "heritage Old things basic century, owner inactive" in text_of(page("/"))


def test_a_dataset_has_a_page_of_its_own_where_a_portal_has_it(
    emulator: Emulator, page: Page, api: httpx.Client
) -> None:
    filled(api, emulator)
    assert 'href="/explore/dataset/air/"' in page("/")
    html = page("/explore/dataset/air/")
    text = text_of(html)
    assert "Records 2 records Status idle since 20" in text
    assert "First records 2 of 2 records" in text
    assert "default title Air" in text
    for link in re.findall(r'href="(/api/[^"]*)"', html):
        assert httpx.get(emulator.url + link, verify=False, timeout=30).status_code == 200
    assert len(re.findall(r'href="(/api/[^"]*)"', html)) == 4


def test_page_of_a_dataset_shows_what_it_consists_of(page: Page, api: httpx.Client) -> None:
    uid = new_dataset(api, "air")
    group = new_group(api, "Readers")["uid"]
    server = {"type": "http", "url": f"https://user:{SECRET}@files.example.org", "auth": None}
    datasource = {
        "type": "http",
        "connection": server,
        "headers": [{"name": "X-Token", "value": SECRET}],
        "relative_url": f"/days.csv?token={SECRET}",
    }
    security = {"is_data_visible": True, "filter_query": "size > 3", "api_calls_quota": {"unit": "day", "limit": 9}}
    rule = {"group": {"uid": group}, "permissions": ["edit_dataset"], "security": security}
    for path, body in (
        ("resources", {"type": "csvfile", "title": "Days", "params": {"separator": ";"}, "datasource": datasource}),
        ("resources", {"type": "realtime", "title": "Pushed"}),
        ("processors", {"type": "string_replace", "label": "clean", "field": "a", "old": "x", "api_key": SECRET}),
        ("fields", {"type": "annotate", "label": "km", "field": "a", "annotation": "unit", "args": ["km"]}),
        ("security/groups", rule),
        ("schedules", {"cron_schedule": "0 6 * * *"}),
    ):
        body_of(api.post(f"/datasets/{uid}/{path}/", json=body), 201)
    body_of(api.post(f"/datasets/{uid}/attachments/", files={"file": ("guide.pdf", b"x")}), 201)

    html = page("/explore/dataset/air/")

    text = text_of(html)
    for words in (
        "Days csvfile https://files.example.org/days.csv ",
        "Pushed realtime what is pushed",
        "1 string_replace clean field: a; old: x",
        "1 annotate km field: a; annotation: unit; args: km",
        "everybody else read yes all all unlimited",
        "group readers edit_dataset yes all size &gt; 3 9 a day",
        "0 6 * * *",
        "guide.pdf application/pdf",
        "admin attachments",
    ):
        assert words in text
    assert SECRET not in html


def test_restricted_dataset_offers_no_public_links(page: Page, api: httpx.Client) -> None:
    uid = new_dataset(api, "air", is_restricted=True)
    add_csv(api, uid)
    publish(api, uid)

    html = page("/explore/dataset/air/")

    assert "/api/" not in html
    assert "Who sees it users with a rule below, with their own key" in text_of(html)
    assert "everybody else none: the dataset is restricted" in text_of(html)


def test_datasets_are_sorted_searched_and_paged(page: Page, api: httpx.Client) -> None:
    for number in range(51):
        title = f"{'b' if number % 2 else 'A'}-{number:02}"
        new_dataset(api, f"d{number:02}", metadata={"default": {"title": {"value": title}}})

    def titles(path: str) -> list[str]:
        return re.findall(r'class="title">([^<]*)<', page(path))

    every = [f"A-{number:02}" for number in range(0, 51, 2)] + [f"b-{number:02}" for number in range(1, 50, 2)]
    assert titles("/") == every[:50]
    assert titles("/?page=2") == titles("/?page=99") == every[50:]
    assert titles("/?q=a-4+D4") == ["A-40", "A-42", "A-44", "A-46", "A-48"]
    assert "Page 1 of 2 Next" in text_of(page("/"))
    assert "Previous Page 2 of 2" in text_of(page("/?page=2"))
    assert "Datasets 5 of 51" in text_of(page("/?q=a-4+D4"))
    assert "No dataset has these words" in text_of(page("/?q=nothing"))


def test_page_of_an_unknown_dataset_is_a_404(emulator: Emulator) -> None:
    response = httpx.get(f"{emulator.url}/explore/dataset/{SECRET}/", verify=False, timeout=30)
    assert response.status_code == 404
    assert f"There is no dataset {SECRET}" in text_of(response.text)


def test_no_secret_is_on_any_page(emulator: Emulator, page: Page, api: httpx.Client) -> None:
    filled(api, emulator)
    for path in ("/", "/explore/dataset/air/", "/explore/dataset/broken/", "/explore/dataset/fresh/"):
        html = page(path)
        assert SECRET not in html
        assert emulator.key not in html


def test_everything_that_comes_from_outside_is_escaped(emulator: Emulator, page: Page, api: httpx.Client) -> None:
    filled(api, emulator)
    for path in ("/", "/explore/dataset/air/"):
        html = page(path)
        assert "<script" not in html
        assert "&lt;script&gt;document.title=" in html


def test_a_page_needs_nothing_from_elsewhere_and_runs_no_script(emulator: Emulator) -> None:
    response = httpx.get(emulator.url, verify=False, timeout=30)
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert re.findall(r'\b(?:src|href)="(?!/|#|data:)[^"]*"', response.text) == []


def test_page_reloads_only_while_a_dataset_is_busy(page: Page, api: httpx.Client, switch: Callable[..., None]) -> None:
    uid = new_dataset(api, "slow")
    add_csv(api, uid)
    assert 'http-equiv="refresh"' not in page("/")
    switch(processing_ms=2000)
    body_of(api.post(f"/datasets/{uid}/publish/"))
    assert 'http-equiv="refresh"' in page("/")
    wait_until_settled(api, uid)
    assert 'http-equiv="refresh"' not in page("/")


def test_page_lists_values_that_could_not_be_processed(page: Page, api: httpx.Client) -> None:
    uid = new_dataset(api, "odd")
    add_csv(api, uid, "a\n" + "x\n" * 7)
    rule = {"type": "type", "label": "x", "field": "a", "type_param": "int"}
    body_of(api.post(f"/datasets/{uid}/fields/", json=rule), 201)
    publish(api, uid)
    text = text_of(page("/"))
    assert text.count("a: Cannot convert &#34;x&#34; to &#34;int&#34;") == 5
    assert "and 2 more" in text


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser; without it the test that needs it is skipped (`.ci/run` installs it)."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    return found


def test_a_browser_shows_the_page(chromium: str, emulator: Emulator, api: httpx.Client, tmp_path: Path) -> None:
    filled(api, emulator)
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-proxy-server",
        f"--user-data-dir={tmp_path / 'profile'}",
        "--window-size=1280,1600",
    ]
    picture = tmp_path / "page.png"
    shown = subprocess.run(
        [*command, "--dump-dom", f"--screenshot={picture}", emulator.url],
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
    ).stdout
    assert "Air air published 2 records" in text_of(shown)
    assert "<title>owned</title>" not in shown
    assert SECRET not in shown
    assert emulator.key not in shown
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
