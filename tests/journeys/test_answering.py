"""A resident tells, a person answers, and both talk on: by web and by text, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300), pytest.mark.xdist_group("installation")]


def test_resident_writes_then_liaison_answers_then_resident_writes_back_and_the_case_wakes(
    resident, staff, viewport
):
    place = "phone" if viewport == PHONE else "desk"
    title = f"The pump behind the {place} runs all night"
    wren = resident(viewport)
    wren.tell(f"{title}. Nobody on our floor can sleep.")

    liaison = staff("police liaison", viewport)
    liaison.opens(title)
    expect(liaison.badge()).to_have_text(re.compile("^Due "))
    expect(liaison.thread).to_contain_text("Nobody on our floor can sleep.")
    liaison.reply("We pass by tonight.\nI answer you by Friday.")
    expect(liaison.badge()).to_have_text("In progress")
    wren.reads("We pass by tonight.")

    liaison.resolve("action_taken", "The pump is off at night from now on.")
    expect(liaison.badge()).to_have_text("Answered")
    wren.reads("The pump is off at night from now on.")
    expect(wren.page.locator(".state-sentence")).to_contain_text("Answered")

    wren.write_back("It ran again last night.")
    for _ in range(20):
        liaison.opens(title)
        if "It ran again last night." in liaison.thread.inner_text():
            break
        liaison.page.wait_for_timeout(250)
    expect(liaison.thread).to_contain_text("It ran again last night.")
    # The resident waits again, so an answer is promised again.
    expect(liaison.badge()).to_have_text(re.compile("^Due "))
    expect(liaison.page.locator("#facts")).to_contain_text("the resident wrote back: open again")


def test_resident_texts_then_a_person_answers(phone, staff):
    text = "The street light at the ferry stop is out"
    mobile = phone()
    mobile.text(text, phone=1)
    mobile.gets("we have your message")

    reader = staff("oversight")
    reader.opens(text, box="unassigned")
    expect(reader.thread).to_contain_text(text)
    reader.reply("Thank you. The city repairs it this week.")
    mobile.gets("The city repairs it this week.")
    for _ in range(40):
        reader.page.reload()
        if "delivered by text" in reader.thread.inner_text():
            break
        reader.page.wait_for_timeout(250)
    expect(reader.thread.locator(".from-staff")).to_contain_text("delivered by text")


def test_a_liaison_answers_without_scripts(resident, staff):
    title = "The siren on the roof sounds for nothing"
    wren = resident(scripts=False)
    wren.tell(title)
    liaison = staff("police liaison", scripts=False)
    liaison.opens(title)
    liaison.reply("We ask the owner today.")
    wren.reads("We ask the owner today.")


def test_a_liaison_answers_by_keyboard_alone(resident, staff):
    title = "Engines run below our window"
    resident().tell(title)
    liaison = staff("police liaison")
    liaison.opens(title)
    keyboard, page = liaison.page.keyboard, liaison.page
    page.goto(page.url)
    for _ in range(3):  # the ways past the bar: to the content, to the case, to the reply
        keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the reply")
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("name", "text")
    keyboard.type("We look into it.")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(page.get_by_text("Your reply is on its way.")).to_be_visible()


def test_a_stale_reply_is_refused_until_confirmed(resident, staff):
    title = "A dog barks from six to nine"
    wren = resident()
    wren.tell(title)
    liaison = staff("police liaison")
    liaison.opens(title)
    box = liaison.page.get_by_role("textbox", name="Reply in")
    box.fill("We ring at their door.\nTonight.")

    wren.follow_up()
    wren.write_back("It stopped, thank you.")
    address = liaison.page.url
    other = liaison.page.context.new_page()
    for _ in range(40):
        other.goto(address)
        if "It stopped, thank you." in other.locator("ol.thread").inner_text():
            break
        other.wait_for_timeout(250)
    other.close()

    liaison.page.get_by_role("button", name="Send reply").click()
    expect(liaison.page.get_by_role("alert")).to_contain_text("The case changed while you were writing.")
    expect(liaison.page.get_by_role("alert")).to_contain_text("the resident wrote")
    expect(liaison.thread).to_contain_text("It stopped, thank you.")
    expect(liaison.thread.locator(".from-staff")).to_have_count(0)
    expect(box).to_have_value("We ring at their door.\nTonight.")

    box.fill("Good to hear. Write to us if it starts again.")
    liaison.page.get_by_role("button", name="Send it anyway").click()
    expect(liaison.thread.locator(".from-staff")).to_have_count(1)
    wren.reads("Good to hear.")


def test_an_open_list_tells_of_a_new_concern_and_leaves_the_writer_alone(resident, staff):
    liaison = staff("police liaison")
    liaison.page.goto("/console/")
    count = liaison.page.locator(".boxes a[aria-current] .count")
    before = int(count.inner_text())
    search = liaison.page.get_by_label("Search by reference")
    search.fill("K7")
    search.focus()
    title = "Fireworks behind the school"
    resident().tell(title)
    news = liaison.page.locator(".news")
    expect(news).to_have_text("1 new case. Show it")
    expect(count).to_have_text(str(before + 1))
    expect(search).to_be_focused()
    expect(search).to_have_value("K7")
    expect(liaison.card(title)).to_have_count(0)
    news.get_by_role("link").click()
    expect(liaison.card(title)).to_be_visible()


def test_what_is_being_written_survives_a_look_elsewhere(resident, staff):
    title = "Loud radios on the quay"
    resident().tell(title)
    liaison = staff("police liaison")
    liaison.opens(title)
    box = liaison.page.get_by_role("textbox", name="Reply in")
    box.fill("Half a sentence")
    liaison.page.get_by_role("link", name="Note to staff").click()
    note = liaison.page.get_by_role("textbox", name="Note to staff")
    expect(note).to_have_value("")
    note.fill("Ask the harbour office.")
    liaison.page.get_by_role("button", name="Keep note").click()
    expect(liaison.thread.locator(".from-note")).to_contain_text("Ask the harbour office.")
    expect(box).to_have_value("Half a sentence")
    liaison.reply("A whole sentence.")
    expect(box).to_have_value("")


def test_a_reply_outlives_everything_that_sending_it_may_meet(resident, staff):
    title = "A drill in the yard at dawn"
    resident().tell(title)
    liaison = staff("police liaison")
    liaison.opens(title)
    page, text = liaison.page, "We talk to the builders.\nTomorrow."
    box, send = page.get_by_role("textbox", name="Reply in"), page.get_by_role("button", name="Send reply")
    box.fill(text)

    page.route("**/reply?**", lambda route: route.fulfill(status=503, body="away"))
    send.click()
    expect(page.get_by_text("away")).to_be_visible()
    page.unroute("**/reply?**")
    page.go_back()
    expect(box).to_have_value(text)

    page.locator("form[action*='/reply?'] [name=csrf_token]").evaluate("each => { each.value = 'of yesterday' }")
    send.click()
    expect(page.get_by_text("This form was open too long")).to_be_visible()
    page.go_back()
    page.reload()
    expect(box).to_have_value(text)

    page.context.clear_cookies()
    send.click()
    page.get_by_label("Login").fill(liaison.login)
    page.get_by_label("Password").fill(liaison.password)
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(box).to_have_value(text)

    send.click()
    expect(liaison.thread.locator(".from-staff")).to_have_count(1)
    expect(box).to_have_value("")
    page.reload()
    expect(box).to_have_value("")
