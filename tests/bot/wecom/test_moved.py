"""What is personal and was asked in a group: it leaves by a door of the person's own chat."""

PERSON = "州公安局联络员"


def test_24_what_is_personal_does_not_stand_in_the_group_of_a_callback_bot(office):
    asked = office.twin.bot.says(PERSON, "@答卷 报送", chat="wrGroupA")
    asked.answer()
    office.works()

    assert office.twin.sees(PERSON, "雪亮工程").door == "app"
    assert "雪亮工程" not in "".join(each.text for each in office.twin.seen("wrGroupA"))
