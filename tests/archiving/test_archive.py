"""The archive of a few agencies: its links, its bytes, what a browser shows, what make verify-archive names."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from archived import Archived, write_archive
from conftest import ROOT
from playwright.sync_api import Browser, Page, Route
from sampling import sample
from views import compare_views, find_faulty_links, open_scripts, show_both

QUERIES = [
    "agencies?country__in=AU,AR&_sort_desc=searches",
    "agencies?_search=police&_all=on",
    "reports?listing=other_reporting&_size=3",
    "cleaning_log?kind__not=mapped&_facet=field",
    "agencies?country=AE&response=denied",
    "sources?publisher__contains=news",
]


def verify(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "archiving" / "verify_archive.py"), str(folder), *words]
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}", "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page()


@pytest.mark.slow
def test_every_link_leads_to_a_file_and_nothing_is_loaded_from_elsewhere(few: Archived) -> None:
    assert len([*few.folder.rglob("*.html")]) > 50
    assert find_faulty_links(few.folder) == []


def test_links_stay_within_the_folder(few: Archived) -> None:
    assert [path for path in few.folder.rglob("*.html") if 'href="/' in path.read_text("utf-8")] == []
    assert [path for path in few.folder.rglob("*") if path.is_file() and b"archive.invalid" in path.read_bytes()] == []


def write_again(few: Archived) -> tuple[str, list[Path]]:
    """Return what archive.py said of a folder that it had written, and the files that it wrote anew."""
    before = {path: path.stat().st_mtime_ns for path in few.folder.rglob("*") if path.is_file()}
    place = few.database.parent
    said = write_archive(few.folder, few.database, place / "exports", metadata=place / "metadata.yml").stdout
    return said, [path for path, time in before.items() if path.stat().st_mtime_ns != time]


@pytest.mark.slow
def test_a_second_run_writes_nothing(few: Archived) -> None:
    said, written = write_again(few)
    assert "nothing changed" in said
    assert written == []


@pytest.mark.slow
def test_a_second_run_mends_what_was_spoilt_and_writes_nothing_else(few: Archived) -> None:
    spoilt = few.folder / "about" / "index.html"
    body = spoilt.read_bytes()
    spoilt.write_bytes(body[:-1])
    said, written = write_again(few)
    assert "1 written, 0 removed" in said
    assert written == [spoilt]
    assert spoilt.read_bytes() == body


@pytest.mark.parametrize("query", sample(QUERIES, QUERIES[1:2]))
def test_a_filtered_page_is_the_site_s_own(few: Archived, page: Page, query: str) -> None:
    name, _, asked = query.partition("?")
    theirs, ours = show_both(page, f"{few.site}/clearview/{query}", f"{few.url}/clearview/{name}/index.html?{asked}")
    assert ours == theirs


@pytest.mark.slow
def test_views_drawn_at_random_are_the_site_s_own(few: Archived, page: Page) -> None:
    compared, full = compare_views(page, few, seed=7, count=40)
    assert compared >= 35
    assert full >= 15


def test_a_search_is_answered_and_nonsense_is_not(few: Archived, page: Page) -> None:
    page.goto(f"{few.url}/search/index.html?q=polise+federal+australian")
    page.wait_for_selector("ol.results h3")
    assert page.inner_text("ol.results h3") == "Australian Federal Police"
    page.goto(f"{few.url}/search/index.html?q=qqqqqqqq")
    assert "No results for “qqqqqqqq”." in page.inner_text("#content .empty")


def test_sql_is_answered_and_an_endless_statement_stopped(few: Archived, page: Page) -> None:
    page.goto(f"{few.url}/clearview/index.html?sql=select+id+from+agencies+where+country=:code&code=AU")
    page.wait_for_selector("#result tbody tr")
    assert all(row.startswith("au-") for row in page.locator("#result tbody tr").all_inner_texts())
    page.goto(
        f"{few.url}/clearview/index.html?sql=with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n)+select+max(i)+from+n"
    )
    page.click("button.stop")
    page.wait_for_selector(".fault:has-text('Stopped')")
    open_scripts(page, few)
    assert page.evaluate("window.engine.ask('select count(*) from agencies').then(({ rows }) => rows)") == [[6]]


@pytest.mark.slow
def test_an_address_with_sql_opens_as_the_page_of_that_question(few: Archived, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_init_script("""window.shifted = 0;
        new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => { window.shifted += value; }))
            .observe({ type: "layout-shift", buffered: true });""")
    page.goto(f"{few.url}/clearview/index.html?sql=select+id+from+agencies")
    page.wait_for_selector("#result tbody tr")
    assert page.locator("h1:visible").all_inner_texts() == ["Your question in SQL"]
    assert page.title().startswith("Your SQL – ")
    assert page.input_value("#sql") == "select id from agencies"
    assert page.evaluate("[window.scrollY, window.shifted]") == [0, 0]
    page.click(".of-a-question .crumbs a:has-text('Data')")
    page.wait_for_selector("h1:visible:has-text('The data')")
    assert page.locator("h1:visible").count() == 1
    assert page.is_visible("#ask")


@pytest.mark.slow
def test_back_from_a_question_leads_to_the_page_before_it(few: Archived, page: Page) -> None:
    page.goto(f"{few.url}/about/index.html")
    page.goto(f"{few.url}/clearview/index.html?code=AU&sql=select%20id%0D%0Afrom agencies%0D%0Awhere country = :code")
    page.wait_for_selector("#result tbody tr")
    page.go_back()
    page.wait_for_url("**/about/index.html")


@pytest.mark.slow
def test_a_file_of_filtered_rows_is_the_site_s_own(few: Archived, page: Page) -> None:
    page.goto(f"{few.url}/clearview/agencies/index.html?country=AU")
    page.wait_for_selector("body[data-copy=ready]")
    with page.expect_download() as download:
        page.click("#row-count a:has-text('CSV')")
    served = page.request.get(f"{few.site}/clearview/agencies.csv?country=AU&_labels=on").body()
    assert Path(download.value.path()).read_bytes() == served


def test_from_a_memory_stick_it_answers_too(few: Archived, page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda said: said.type in ("error", "warning") and faults.append(said.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{few.folder.as_uri()}/index.html")
    page.goto(f"{few.folder.as_uri()}/clearview/agencies/index.html?country=AU&_sort_desc=name")
    page.wait_for_selector("body[data-copy=ready]")
    assert "match the filters" in page.inner_text("#row-count")
    page.goto(f"{few.folder.as_uri()}/search/index.html?q=polise+federal+australian")
    page.wait_for_selector("ol.results h3")
    page.goto(f"{few.folder.as_uri()}/clearview/index.html?sql=select+count(*)+as+found+from+agencies")
    page.wait_for_selector("#result tbody td")
    assert page.inner_text("#result tbody td") == "6"
    assert faults == []


@pytest.mark.slow
def test_parts_of_the_site_stand_in_frames_elsewhere(few: Archived, page: Page) -> None:
    agency = "clearview/agencies/it-state-police-italy/index.html"
    page.goto(f"{few.url}/{agency}")
    page.wait_for_selector("body[data-copy=ready]")
    code = page.locator(".embed-code").text_content()
    framed = f"{few.url}/embed/agency/it-state-police-italy/index.html"
    assert f'<iframe src="{framed}"' in str(code)
    page.set_content(str(code) + f'<iframe width="600" height="500" src="{few.url}/embed/map/index.html"></iframe>')
    assert "State Police" in page.frame_locator("iframe").first.locator("h1").inner_text()
    page.locator("iframe").last.scroll_into_view_if_needed()
    page.frame_locator("iframe").last.locator(".leaflet-marker-icon").first.wait_for()


@pytest.mark.slow
def test_charts_are_files_and_countries_stand_side_by_side(few: Archived, page: Page) -> None:
    for name in ("responses.svg", "responses.png", "responses.csv"):
        served = page.request.get(f"{few.site}/charts/{name}").body()
        copied = (few.folder / "charts" / name).read_bytes()
        assert copied[:4] == served[:4]
        assert page.request.get(f"{few.url}/charts/{name}").ok
    page.goto(f"{few.url}/compare/index.html")
    for code in ("IT", "AU"):
        page.check(f"input[value={code}]")
    page.click("#content form button:has-text('Compare')")
    page.wait_for_selector(".compared tbody tr")
    told = page.locator(".compared tbody tr").all_inner_texts()
    page.goto(f"{few.site}/compare?country=AU&country=IT")
    theirs = page.locator(".compared tbody tr").all_inner_texts()
    assert told == [line for line in theirs if not line.startswith("In short")]


def open_filters(page: Page) -> None:
    page.locator("details.facets").evaluate("(box) => { box.open = true; }")


@pytest.mark.slow
def test_a_filter_changes_the_open_page(few: Archived, page: Page) -> None:
    page.goto(f"{few.url}/clearview/agencies/index.html")
    page.wait_for_selector("body[data-copy=ready]")
    page.evaluate("window.isStillHere = true")
    open_filters(page)
    page.click("ul.bars a:has-text('Australia')")
    page.wait_for_selector("ul.chips")
    assert page.evaluate("window.isStillHere")
    assert page.locator("tbody tr").count() == 3
    page.locator(".map").scroll_into_view_if_needed()
    page.wait_for_selector(".leaflet-marker-icon")
    page.fill("#_search", "queensland")
    page.press("#_search", "Enter")
    page.wait_for_selector("tbody tr:only-child")
    page.go_back()
    page.go_back()
    page.wait_for_function("() => document.querySelectorAll('tbody tr').length === 6")
    assert page.evaluate("window.isStillHere")


def open_and_hold_sqlite(page: Page, address: str) -> None:
    """Open a page whose questions are not answered before release() is called in it."""
    page.add_init_script(
        "const released = new Promise((done) => { window.release = done; });"
        "const fetchFile = window.fetch;"
        "window.fetch = (...asked) => String(asked[0]).includes('sqlite3.wasm')"
        " ? released.then(() => fetchFile(...asked)) : fetchFile(...asked);"
    )
    page.goto(address)
    page.wait_for_selector("html[data-root]", state="attached")


@pytest.mark.parametrize("start", ["", "?country=AU"])
def test_an_answer_that_comes_too_late_is_not_shown(few: Archived, page: Page, start: str) -> None:
    open_and_hold_sqlite(page, f"{few.url}/clearview/agencies/index.html{start}")
    open_filters(page)
    for country, code in (("Argentina", "AR"), ("United Arab Emirates", "AE")):
        page.click(f"ul.bars a:has-text('{country}')")
        page.wait_for_function("(code) => location.search === `?country=${code}`", arg=code)
    page.evaluate("release()")
    page.wait_for_selector("body[data-copy=ready]")
    assert page.locator("ul.chips li a:not(.clear)").count() == 1
    assert "United Arab Emirates" in page.inner_text("ul.chips")
    assert page.title().count("Country: ") == 1


def test_going_back_does_not_wait_for_an_answer(few: Archived, page: Page) -> None:
    open_and_hold_sqlite(page, f"{few.url}/clearview/agencies/index.html")
    open_filters(page)
    page.click("ul.bars a:has-text('Argentina')")
    page.wait_for_function("() => location.search === '?country=AR'")
    page.go_back()
    page.wait_for_selector("body[data-copy=ready]")
    page.evaluate("release()")
    open_filters(page)
    page.click("ul.bars a:has-text('United Arab Emirates')")
    page.wait_for_selector("ul.chips")
    assert page.locator("ul.chips").count() == 1
    assert "United Arab Emirates" in page.inner_text("ul.chips")


def test_results_that_come_too_late_are_not_shown(few: Archived, page: Page) -> None:
    open_and_hold_sqlite(page, f"{few.url}/search/index.html?q=queensland")
    page.wait_for_selector("#copy-state:has-text('Searching')")
    page.fill("#q", "police")
    page.press("#q", "Enter")
    page.wait_for_function("() => location.search.includes('q=police')")
    page.evaluate("release()")
    page.wait_for_selector("body[data-copy=ready]")
    assert page.locator("p.found").count() == 1
    assert "“police”" in page.inner_text("p.found")


def test_a_map_that_was_left_before_its_rows_came_is_not_drawn(few: Archived, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    held: list[Route] = []
    page.route("**/row_files.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright takes no method of a list
    page.goto(f"{few.url}/clearview/agencies/index.html")
    page.wait_for_selector("body[data-copy=ready]")
    open_filters(page)
    with page.expect_request("**/row_files.js"):
        page.click("ul.bars a:has-text('Australia')")
        page.wait_for_selector("ul.chips")
        page.locator(".map").scroll_into_view_if_needed()
    page.go_back()
    page.wait_for_selector("ul.chips", state="detached")
    held[0].continue_()
    open_filters(page)
    page.click("ul.bars a:has-text('Argentina')")
    page.wait_for_selector("ul.chips")
    page.locator(".map").scroll_into_view_if_needed()
    page.wait_for_selector(".leaflet-marker-icon")
    assert said == []


def test_without_javascript_a_table_says_what_to_do(few: Archived, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    for path in ("clearview/agencies", "search", "clearview"):
        page.goto(f"{few.url}/{path}/index.html")
        assert "need" in page.inner_text("noscript .notice")
    page.goto(f"{few.url}/clearview/agencies/index.html")
    assert page.locator("tbody tr").count() == 6


def test_what_is_missing_changed_or_added_is_named(few: Archived, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(few.folder, tmp_path / "copy"))
    assert verify(copy).returncode == 0
    page, row = copy / "about" / "index.html", copy / "clearview" / "agencies.json"
    body = bytearray(page.read_bytes())
    body[500] ^= 1
    page.write_bytes(body)
    row.unlink()
    (copy / "more.txt").write_text("more")
    done = verify(copy, "--release", "9.9.9")
    assert done.returncode == 1
    for line in (
        "changed: about/index.html",
        "missing: clearview/agencies.json",
        "added: more.txt",
        "another release than 9.9.9",
    ):
        assert line in done.stdout.splitlines()


def test_the_latest_release_is_known_by_its_data(few: Archived, tmp_path: Path) -> None:
    assert "none of the releases" in verify(few.folder).stdout
    copy = Path(shutil.copytree(few.folder, tmp_path / "copy"))
    shutil.copy(ROOT / "clearview.db", copy / "exports")
    done = verify(copy)
    assert "changed: exports/clearview.db" in done.stdout
    assert "none of the releases" not in done.stdout


@pytest.mark.slow
def test_a_signature_is_that_of_one_key(few: Archived, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(few.folder, tmp_path / "copy"))
    for name in ("own", "other"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    assert "there is no SHA256SUMS.sig" in verify(copy, "--key", str(tmp_path / "own.pub")).stdout
    sign = ["ssh-keygen", "-q", "-Y", "sign", "-n", "clearview-archive", "-f", tmp_path / "own", copy / "SHA256SUMS"]
    subprocess.run(sign, check=True)
    assert verify(copy, "--key", str(tmp_path / "own.pub")).returncode == 0
    assert "not signed by" in verify(copy, "--key", str(tmp_path / "other.pub")).stdout
    with (copy / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  made-up.txt\n")
    assert verify(copy, "--key", str(tmp_path / "own.pub")).returncode == 1
