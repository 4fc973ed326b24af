"""Going back, starting over, changing tasks and coming back: nothing that was said is lost."""

import pytest

from models.db import open_database
from tests.pictures import a_photo
from tests.talk import Talk

POLICE = "州公安局联络员"
REFORM = "州发改委联络员"
ROADS = "州交通运输局联络员"

OPEN = "报送 州1-7\n截至：7月31日\n完成数：1710个"


def test_the_latest_figure_is_taken_back_and_the_earlier_one_holds_again(talk: Talk) -> None:
    talk.say(POLICE, OPEN)
    assert "1701个" in talk.say(POLICE, "完成数：1701个")[0]

    [answer] = talk.say(POLICE, "上一步")

    assert answer.startswith("已撤销上一步：乡村公共部位安防设备 1701个 → 1710个")
    assert "1710个，完成28.50%" in answer
    assert "1710个，完成28.50%" in talk.say(POLICE, "措施：逐村安装，按月调度")[0]


def test_several_steps_back_down_to_the_empty_template(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7")
    talk.say(POLICE, "截至7月31日")
    talk.say(POLICE, "完成数：1710个")

    assert "1710个 → 无" in talk.say(POLICE, "撤销上一步")[0]
    [empty] = talk.say(POLICE, "返回")
    assert empty.startswith("已撤销上一步：截至 7月31日 → 无。")
    assert "请复制下面内容，填好发回：\n报送 州1-7" in empty
    assert talk.say(POLICE, "上一步")[0].startswith("没有可撤销的上一步了。")


def test_no_more_than_five_steps_are_kept(light: Talk) -> None:
    light.say(POLICE, "报送 州1-7")
    for value in range(1701, 1708):
        light.say(POLICE, f"完成数：{value}个")

    answers = [light.say(POLICE, "上一步")[0] for _ in range(6)]

    assert "1703个 → 1702个" in answers[4]
    assert answers[5].startswith("没有可撤销的上一步了。")


def test_a_confirmation_can_be_taken_back_and_given_again(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：17000个")
    talk.say(POLICE, "确认")

    [back] = talk.say(POLICE, "上一步")

    assert "的确认" in back.partition("\n")[0]
    assert "请核对" in back
    talk.say(POLICE, "确认")
    assert "已收到 #1" in talk.say(POLICE, "措施：逐村安装，按月调度")[0]


def test_the_crop_that_was_taken_is_taken_back(talk: Talk) -> None:
    talk.say(REFORM, "报送 省2\n措施：按月调度到县", pictures=[a_photo(1200, 900)])
    assert "图1已采用裁剪图" in talk.say(REFORM, "用裁剪图")[0]

    [back] = talk.say(REFORM, "上一步")

    assert back.startswith("已撤销上一步：图1的裁剪。")
    assert "用裁剪图" in back


def test_what_is_submitted_is_not_taken_back_by_a_step(talk: Talk) -> None:
    talk.say(POLICE, f"{OPEN}\n措施：逐村安装，按月调度")

    assert "请发“撤回 1”" in talk.say(POLICE, "上一步")[0]
    assert "没有可撤销的上一步" in talk.say(ROADS, "上一步")[0]


def test_starting_over_empties_the_report_and_can_itself_be_taken_back(talk: Talk) -> None:
    talk.say(POLICE, OPEN)

    [empty] = talk.say(POLICE, "重来")
    assert empty.startswith("已清空 州1-7 雪亮工程 填写的内容")
    assert "报送 州1-7" in empty
    assert "1710" not in empty

    assert "1710个" in talk.say(POLICE, "上一步")[0]


@pytest.mark.parametrize("word", ["重来", "重新填", "重填", "重新填报"])
def test_starting_over_needs_an_open_report(light: Talk, word: str) -> None:
    assert "没有填写中的报送" in light.say(POLICE, word)[0]


def test_starting_over_leaves_the_reports_put_aside_alone(talk: Talk) -> None:
    talk.say(ROADS, "报送 州1-5\n完成数：300公里")
    talk.say(ROADS, "报送 州1-14\n完成数：120公里")
    talk.say(ROADS, "重来")

    [back] = talk.say(ROADS, "报送 州1-5")

    assert "300公里" in back


def test_steps_belong_to_their_report(talk: Talk) -> None:
    talk.say(ROADS, "报送 州1-5\n完成数：300公里")
    talk.say(ROADS, "完成数：310公里")
    talk.say(ROADS, "报送 州1-14\n完成数：120公里")
    talk.say(ROADS, "报送 州1-5")

    assert "310公里 → 300公里" in talk.say(ROADS, "上一步")[0]
    assert "120公里" in talk.say(ROADS, "继续 州1-14")[0]


def test_a_change_of_task_says_what_stays_open_and_going_back_goes_on(talk: Talk) -> None:
    talk.say(ROADS, "报送 州1-5\n完成数：300公里")
    [aside] = talk.say(ROADS, "报送 州1-14\n完成数：120公里")
    assert "州1-5 农村公路安防设施 尚未报完" in aside

    [listed] = talk.say(ROADS, "任务")
    assert "没有报完的：州1-14 农村公路提质改造（正在填报）、州1-5 农村公路安防设施（已放下）" in (
        listed
    )
    [on] = talk.say(ROADS, "继续 州1-5")
    assert on.startswith("接着报 州1-5 农村公路安防设施。另有放下的：州1-14")
    assert "300公里" in on
    assert "120公里" in talk.say(ROADS, "继续 提质改造")[0]


def test_going_on_without_anything_open_lists_what_is_owed(talk: Talk) -> None:
    [answer] = talk.say(ROADS, "继续")

    assert answer.startswith("没有填到一半的报送。")
    assert "州1-5" in answer


def test_one_that_was_put_aside_can_be_given_up_by_name(talk: Talk) -> None:
    talk.say(ROADS, "报送 州1-5\n完成数：300公里")
    talk.say(ROADS, "报送 州1-14\n完成数：120公里")

    assert "已取消放下的 州1-5" in talk.say(ROADS, "取消 州1-5")[0]
    assert "没有在填报" in talk.say(ROADS, "取消 州1-5")[0]
    assert "120公里" in talk.say(ROADS, "继续")[0]


def test_everything_can_be_given_up_at_once(talk: Talk) -> None:
    talk.say(ROADS, "报送 州1-5\n完成数：300公里")
    talk.say(ROADS, "报送 州1-14\n完成数：120公里")

    [answer] = talk.say(ROADS, "取消 全部")

    assert "州1-14 农村公路提质改造、州1-5 农村公路安防设施 的填报" in answer
    assert "没有填到一半的" in talk.say(ROADS, "继续")[0]


def test_a_report_goes_on_after_a_restart(database_url: str) -> None:
    first = open_database(database_url)
    talk = Talk(first)
    talk.say(ROADS, "报送 州1-5\n完成数：300公里")
    talk.say(ROADS, "报送 州1-14\n完成数：120公里")
    talk.say(ROADS, "完成数：130公里")
    first.dispose()

    again = open_database(database_url)
    later = Talk(again, empty=True, first_message=100)
    assert "130公里 → 120公里" in later.say(ROADS, "上一步")[0]
    [done] = later.say(ROADS, "截至7月31日\n措施：逐段改造，按月调度")
    assert "已收到 #1 州1-14" in done
    assert "接着报先前放下的 州1-5" in done
    again.dispose()
