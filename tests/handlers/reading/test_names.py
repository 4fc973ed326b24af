"""Finding tasks and units by whatever people call them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.names import MOST_OFFERED, How, Match, Name, find

TASKS = (
    Name("1", "州1-1", "12所“芙蓉学校”"),
    Name("2", "州1-2", "提高城乡居民低保水平"),
    Name("3", "州1-3", "城镇新增就业和职业技能培训"),
    Name("4", "州1-4", "疾控中心标准化建设"),
    Name("5", "州1-5", "农村公路安防设施建设"),
    Name("6", "州1-6", "农村通信网络（4G基站、通组光纤）"),
    Name("7", "州1-7", "乡村“雪亮工程”", ("雪亮工程",)),
    Name("8", "州1-8", "困难残疾人家庭无障碍改造"),
    Name("10", "州1-10", "办理法律援助案件"),
    Name("12", "州1-12", "孕产妇免费产前筛查"),
    Name("13", "州1-13", "农村及城镇低保适龄妇女“两癌”免费检查", ("两癌检查",)),
    Name("14", "州1-14", "农村公路提质改造"),
    Name("15", "州1-15", "城镇老旧小区改造", ("旧改",)),
    Name("16", "州1-16", "残疾人两项补贴"),
    Name("17", "州1-17", "残疾儿童康复救助"),
    Name("18", "州1-18", "改（新）建农村户用厕所"),
    Name("20", "州1-20", "行政村配电网改造工程"),
    Name("p7", "省7", "产业项目建设"),
    Name("c7", "州7", "产业项目建设"),
)
UNITS = (
    Name("police", "", "州公安局"),
    Name("labour", "", "州人社局", ("州人力资源和社会保障局", "人社局")),
    Name("reform", "", "州发改委", ("州发展和改革委员会",)),
    Name("education", "", "州教体局", ("州教育和体育局",)),
    Name("health", "", "州卫健委", ("州卫生健康委员会",)),
    Name("traffic", "", "州交通运输局", ("交通局",)),
    Name("housing", "", "州住建局"),
    Name("welfare", "", "州民政局"),
    Name("farming", "", "州农业农村局"),
    Name("power", "", "国网湘西供电公司", ("国网湘西电力公司",)),
    Name("jishou", "", "吉首市", ("吉首",)),
    Name("huayuan", "", "花垣县", ("花垣",)),
    Name("fenghuang", "", "凤凰县", ("凤凰",)),
)


@pytest.mark.parametrize(
    ("query", "key", "how"),
    [
        ("州1-7", "7", How.NUMBER),
        ("州1－７", "7", How.NUMBER),
        ("州 1—7", "7", How.NUMBER),
        ("州一之七", "7", How.NUMBER),
        ("州1-7 1710个", "7", How.NUMBER),
        ("州1-7雪亮工程", "7", How.NUMBER),
        ("州118", "18", How.NUMBER),
        ("雪亮工程", "7", How.NAME),
        ("雪亮工程的进展情况", "7", How.NAME),
        ("雪亮工程，全州建成1710个", "7", How.NAME),
        ("旧改", "15", How.NAME),
        ("雪亮", "7", How.PART),
        ("芙蓉学校", "1", How.PART),
        ("公路安防", "5", How.PART),
        ("法援", "10", How.TYPO),
        ("职业培训", "3", How.TYPO),
        ("配网改造", "20", How.TYPO),
        ("雪量工程", "7", How.SOUND),
        ("按防设施", "5", How.SOUND),
        ("免费捡查", "13", How.SOUND),
        ("疾空中心", "4", How.SOUND),
        ("xueliang", "7", How.SOUND),
        ("xlgc", "7", How.INITIALS),
        ("XLGC", "7", How.INITIALS),
        ("lajc", "13", How.INITIALS),
    ],
)
def test_a_task_is_found_by_what_people_call_it(query, key, how):
    match = find(query, TASKS)

    assert match.best is not None
    assert (match.best.key, match.best.how) == (key, how)


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("公安局", "police"),
        ("湘西州公安局", "police"),
        ("州公安厅", "police"),
        ("人社", "labour"),
        ("发改局", "reform"),
        ("教育局", "education"),
        ("卫健局", "health"),
        ("卫键委", "health"),
        ("交通", "traffic"),
        ("农业局", "farming"),
        ("国网", "power"),
        ("吉首", "jishou"),
        ("zgaj", "police"),
        ("fhx", "fenghuang"),
        ("州公安", "police"),
        ("州公安居", "police"),
        ("州安公局", "police"),
        ("州民正局", "welfare"),
        ("州发改局", "reform"),
        ("州发委改", "reform"),
        ("花园县", "huayuan"),
        ("花恒县", "huayuan"),
        ("花垣县政府", "huayuan"),
        ("zfgw", "reform"),
        ("gonganju", "police"),
    ],
)
def test_a_unit_is_found_by_what_people_call_it(query, key):
    match = find(query, UNITS)

    assert match.best is not None
    assert match.best.key == key


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("农村公路", {"5", "14"}),
        ("残疾人", {"8", "16"}),
        ("低保", {"2", "13"}),
        ("产业项目建设", {"p7", "c7"}),
    ],
)
def test_near_duplicates_are_offered_and_not_guessed(query, keys):
    match = find(query, TASKS)

    assert not match.sure
    assert match.best is None
    assert keys <= {candidate.key for candidate in match.candidates[: len(keys)]}


def test_an_office_is_neither_its_branch_nor_that_of_another_place():
    names = (Name("branch", "", "公安局交警大队"), Name("farming", "", "农业农村局"))

    for query in ("公安局", "长沙市公安局", "长沙市农业农村局", "望城区农业农村局"):
        assert not find(query, names).sure, query
    assert find("交警大队", names).best.key == "branch"
    assert find("农业农村", names).best.key == "farming"


def test_an_exact_name_wins_over_longer_ones_that_hold_it():
    names = (
        Name("all", "激1", "高质量发展"),
        Name("works", "激36", "促进工业高质量发展", ("工业",)),
        Name("report", "省2", "高质量发展工作进展情况总体报告"),
    )

    for query in ("高质量发展", "高质量发展工作", "“高质量发展”。"):
        match = find(query, names)
        assert match.best is not None
        assert [each.key for each in match.candidates] == ["all"]
    assert find("工业高质量发展", names).best.key == "works"
    assert not find("高质量", names).sure


def test_names_that_are_equal_are_all_that_is_offered():
    names = (
        Name("province", "省2", "高质量发展工作进展情况总体报告", ("高质量发展",)),
        Name("prefecture", "州2", "制造业高质量发展评价综述", ("高质量发展",)),
        Name("works", "激36", "促进工业高质量发展"),
    )

    match = find("高质量发展", names)

    assert not match.sure
    assert [each.key for each in match.candidates] == ["province", "prefecture"]


def test_another_name_that_a_second_task_holds_is_offered_with_both():
    names = (
        Name("rules", "政33", "RCEP规则对接与进出口合作", ("RCEP",)),
        Name("lanes", "政32", "国际物流通道与货运集结中心", ("中欧班列", "RCEP航空枢纽")),
    )

    match = find("RCEP", names)

    assert not match.sure
    assert [each.key for each in match.candidates] == ["rules", "lanes"]
    assert find("中欧班列", names).best.key == "lanes"
    assert find("RCEP规则", names).best.key == "rules"


@pytest.mark.parametrize("query", ["亮化工程", "雪白工厂", "亮雪化工", "雪地工程车"])
def test_another_word_that_shares_characters_is_never_taken(query):
    assert not find(query, TASKS).sure


@pytest.mark.parametrize("query", ["州l-7", "州I－7", "州1-l0", "州1-1O", "州 l—l2"])
def test_the_letters_of_a_scan_are_figures(query):
    plain = query.replace("l", "1").replace("I", "1").replace("O", "0")

    assert find(query, TASKS).best == find(plain, TASKS).best is not None


@pytest.mark.parametrize("query", ["1-7", "州1_7", "州1 - 7", "1.7"])
def test_a_number_is_known_without_its_sign_and_with_other_marks(query):
    match = find(query, TASKS)

    assert match.best is not None
    assert match.best.key == "7"


@pytest.mark.parametrize("query", ["任务", "项目", "工作进展情况", "项目进度"])
def test_words_that_are_said_of_every_task_name_none(query):
    assert not find(query, TASKS).sure


def test_initials_that_two_offices_share_are_offered():
    match = find("jtj", UNITS)

    assert not match.sure
    assert {candidate.key for candidate in match.candidates} == {"education", "traffic"}


def test_the_beginning_of_a_number_offers_the_tasks_under_it():
    match = find("州1", TASKS)

    assert not match.sure
    assert len(match.candidates) == MOST_OFFERED


@pytest.mark.parametrize("query", ["州财政局", "财政局", "县公安局", "吉首市公安局", "花园小区"])
def test_another_unit_that_merely_resembles_is_never_taken(query):
    assert not find(query, UNITS).sure


@pytest.mark.parametrize(
    "query",
    [
        "今天天气怎么样",
        "你好",
        "吃饭了吗",
        "谢谢",
        "好的收到",
        "我想请假",
        "hello",
        "test",
        "ok",
        "7",
        "",
        "！？",
    ],
)
def test_what_resembles_no_name_gives_no_candidates(query):
    assert find(query, TASKS) == Match((), False)
    assert find(query, UNITS) == Match((), False)


@given(st.sampled_from(TASKS + UNITS), st.sampled_from(["{}", " {} ", "“{}”", "{}。", "{}\u200b"]))
def test_a_full_title_always_finds_its_own_name(name, dress):
    match = find(dress.format(name.title), TASKS + UNITS)

    assert match.candidates[0].score == 100
    assert name.key in {candidate.key for candidate in match.candidates if candidate.score == 100}


@given(st.text(max_size=4000))
def test_any_text_is_answered_in_order(text):
    scores = [candidate.score for candidate in find(text, TASKS + UNITS).candidates]

    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 100 for score in scores)
