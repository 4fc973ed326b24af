"""Classes of sentences, several of each: plans, lists, shortfalls, shares, ranks, names."""

from datetime import date

import pytest

from handlers.reading.prose import ProseFigure, read_prose

TODAY = date(2021, 6, 10)

# Every figure in order as "words kind"; kinds apart by | where both can be defended. "!": it has
# to be taken without asking, "?": it has to be asked.
PLANS = [
    ("要建设护理床位120张以上、普通床位300张以上", "120张 target, 300张 target"),
    ("应建设村级服务站35个以上、监测点60个以上", "35个 target, 60个 target"),
    ("拟新建充电桩80个、换电站2座", "80个 target, 2座 target"),
    ("需改造供水管网12公里、加压站3座", "12公里 target, 3座 target"),
    ("新建42个口袋公园的任务已下达", "42个 target"),
    ("改造农村户厕3200座的任务已分解到乡镇", "3200座 target"),
    ("培训护理员736人的目标已细化到月", "736人 target"),
    ("已将85个小区任务分解到社区", "85个 target"),
    ("距离全年90篇的目标还有35篇", "90篇 target, 35篇 other"),
    ("离全年开展120场的目标尚差18场", "120场 target, 18场 other"),
    ("完成全年1200件任务的62.5%", "1200件 target, 62.5% percent"),
    ("完成全年360人目标任务的百分之八十", "360人 target, 百分之八十 percent"),
    ("办理援助案件512件，完成全年960件任务的53.3%", "512件 done, 960件 target, 53.3% percent"),
    ("今年已改建公厕21座，计划再改建6座", "21座 done, 6座 target"),
    ("目前建成15个，还将新建8个", "15个 done, 8个 target"),
    ("到2025年末，城镇化率达到55%", "55% target"),
    ("到2025年底，全县公办园占比达到60%，普惠率达到90%", "60% target, 90% target"),
    ("今年安排专项资金4500万元，已支付1280万元", "4500万元 target?, 1280万元 money"),
    ("已安排专项资金4500万元", "4500万元 money"),
    ("3个重点项目计划总投资8.6亿元", "3个 target|other?, 8.6亿元 target"),
    ("我县今年承办省重点民生实事12个项目18项指标", "12个 target, 18项 target"),
    ("计划投资3亿元，目前资金仅到账8600万元", "3亿元 target, 8600万元 money"),
    ("预计需资金1.2亿元，现已支付3200万元", "1.2亿元 target, 3200万元 money"),
    ("拟培训600人，已开班3期，结业186人", "600人 target, 3期 done, 186人 done"),
    ("规划建设停车位1500个，其中年内建成500个", "1500个 target, 500个 target"),
    ("年度目标为受理法律援助1800件", "1800件 target"),
    ("须于8月底前完成整改17处", "17处 target"),
    ("争取年内再开工2个标段", "2个 target"),
    ("任务数为455个，现完成535个", "455个 target, 535个 done"),
    ("省定任务2467人，实际筛查2003人", "2467人 target, 2003人 done"),
]
LISTS = [
    ("第二批12所中有3所滞后", "12所 target|other?, 3所 other"),
    ("首批20个村中有6个未启动", "20个 target|other?, 6个 other"),
    ("24个指标中，9个达标", "24个 target|other?, 9个 done"),
    ("发现隐患56处，已整改41处", "56处 target|done|other?, 41处 done"),
    ("排查问题132个，完成整改118个", "132个 done|target, 118个 done"),
    ("推荐专精特新企业16户，已获认定7户", "16户 done, 7户 done"),
    ("申报项目9个，获批4个", "9个 done, 4个 done"),
    ("鉴定危房326栋，已拆除290栋", "326栋 done, 290栋 done"),
    ("5项进度滞后", "5项 other"),
    ("还有4个乡镇进度偏慢", "4个 other"),
    ("上年结转8个项目中，已办结6个", "8个 target|other?, 6个 done"),
    ("涉及9个部门的126项改革任务正在推进", "9个 other, 126项 target|other?"),
    ("全县46个重点项目，开复工45个", "46个 target|other?, 45个 other"),
    ("省级资金项目6个，开工6个，竣工1个", "6个 target|other?, 6个 other, 1个 done"),
    ("任务清单38条，销号29条，剩余9条", "38条 target, 29条 done, 9条 other"),
    ("主体工程改造两所、附属工程一所", "两所 done?, 一所 done?"),
    ("建成学校一所、医院两所", "一所 done, 两所 done"),
    ("开通七个4G基站", "七个 done"),
    ("现有床位三张、护士两名", "三张 other, 两名 other"),
    ("已建成投用的有：石板社区、沙坪社区2个，正在装修的有3个", "2个 done, 3个 other"),
]
SHORT = [
    ("资金缺口2300万元", "2300万元 other"),
    ("缺口资金850万元", "850万元 other"),
    ("尚欠工程款420万元", "420万元 other"),
    ("欠款136万元未还", "136万元 other"),
    ("项目欠款310万元", "310万元 other"),
    ("仍有680万元未拨付", "680万元 other"),
    ("剩余17处已落实管控措施", "17处 other"),
    ("其余6件已明确包案领导", "6件 other"),
    ("剩下的23户均已签订协议", "23户 other"),
    ("未完成的7个村均已进场施工", "7个 other"),
    ("县级配套尚差600万元", "600万元 other"),
    ("还差4290个", "4290个 other"),
    ("有8户不同意改造", "8户 other"),
    ("暂缓实施2个", "2个 other"),
    ("取消3个，调整5个", "3个 other|done?, 5个 other|done?"),
    ("完成规划审批26台", "26台 other|done?"),
    ("完成立项9个", "9个 other|done?"),
    ("通过初步设计审查5个", "5个 other|done?"),
    ("完成前期工作12个", "12个 other|done?"),
    ("2号楼施工至5层", "5层 other|done?"),
]
SCOPE = [
    ("演出312场，观众达9.6万人次", "312场 done, 9.6万人次 other|done?"),
    ("宣讲186场次，受众2.4万余人", "186场次 done, 2.4万余人 other|done?"),
    ("服务群众3.2万人次", "3.2万人次 other|done?"),
    ("惠及老人8200人", "8200人 other"),
    ("覆盖人口12.6万人", "12.6万人 other"),
    ("带动就业460人", "460人 done|other?"),
    ("现有网格员1236名", "1236名 other"),
    ("全县网格员1236名，今年上报事件5.4万件", "1236名 other?, 5.4万件 done"),
    ("监测对象864户2310人，已消除风险420户", "864户 other?, 2310人 other?, 420户 done"),
    ("单位职工326人", "326人 other?"),
    ("厂区占地46.8亩，设计日处理能力2万吨", "46.8亩 other, 2万吨 other|target?"),
    ("污水处理厂占地32亩", "32亩 other"),
    ("合同工期540日历天", "540日历天 other"),
    ("集体经济收入5万元以上的村达到1892个", "5万元 other?, 1892个 done"),
    ("年营业收入2000万元以上的企业有86家", "2000万元 other?, 86家 other|done?"),
    ("100人以上的企业12家", "100人 other?, 12家 other|done?"),
    ("分别超省定标准12元、13元", "12元 other?, 13元 other?"),
    ("高于全省平均水平38元", "38元 other?"),
    ("每千人口拥有床位7.2张", "7.2张 done?"),
    ("综合指数2.35", "2.35 other|done?"),
    ("综合得分92.5分", "92.5分 other|done?"),
    ("民意调查满意度97.8分", "97.8分 other|done|rate?"),
    ("投入机械74台班", "74台班 done|other"),
    ("全县共有卫生院28家", "28家 other|done?"),
    ("三次产业结构为13.2:33.5:53.3", ""),
    ("三县市分别完成120户、85户、60户", "三县市 other?, 120户 done, 85户 done, 60户 done"),
]
SHARES = [
    ("完成率为零", "零 percent"),
    ("完成率为0%", "0% percent"),
    ("开工率为零", "零 rate"),
    (
        "吉首市1000个、完成243%，花垣县231个、完成55%",
        "1000个 done, 243% percent, 231个 done, 55% percent",
    ),
    ("基金支出6.3亿元，占预算的48.3%", "6.3亿元 money, 48.3% rate"),
    ("完成投资3.2亿元，占年度投资的64%", "3.2亿元 money, 64% percent"),
    ("完成投资3.2亿元，占总投资的28%", "3.2亿元 money, 28% percent"),
    ("建成82个，占任务的68%", "82个 done, 68% percent"),
    ("建成82公里，占计划68.3%", "82公里 done, 68.3% percent"),
    ("占应受检人数的84%", "84% rate"),
    ("税收占财政收入的66.2%", "66.2% rate"),
    ("任务120公里，完成90公里，占比75%", "120公里 target, 90公里 done, 75% percent"),
    ("降幅较一季度收窄6.1个百分点", "6.1个百分点 points?"),
    ("增速较上月回落1.2个百分点", "1.2个百分点 points"),
    ("满意度、知晓率分别提高3个、6个百分点", "3个 points, 6个百分点 points"),
    ("贷款利率下降28个基点", "28个基点 growth|points|other?"),
    ("城镇登记失业率控制在3.5%以内", "3.5% rate|target?"),
    ("力争失业率控制在4%以内", "4% target"),
    ("平均办理时限压缩71.3%", "71.3% rate|growth?"),
    ("装了86个探头，总共1796个，差不多30%", "86个 done, 1796个 done, 30% percent"),
    ("当期结余2.06亿元", "2.06亿元 money|other?"),
    ("各项贷款余额1126.4亿元", "1126.4亿元 money|other?"),
    ("全年目标完成率达52.6%", "52.6% percent"),
    ("资金拨付率87.1%", "87.1% rate!"),
    ("已完成总工程量的43%", "43% percent!"),
    ("目前完成三分之二", "三分之二 percent"),
]
RANKS = [
    ("综合排名全州倒数第二", "第二 rank?"),
    ("考核排全省第3", "第3 rank!"),
    ("位列全州第三名", "第三名 rank!"),
    ("居全省第3位，较上季度前移3位", "第3位 rank, 3位 other|growth?"),
    ("排名第12位，比上月后退2位", "第12位 rank, 2位 other|growth?"),
    ("在全州排第4，较去年上升5位", "第4 rank, 5位 other|growth?"),
    ("在16个单位中列第5位", "16个 other, 第5位 rank"),
    ("由去年的第12位上升到第9位", "第12位 rank, 第9位 rank"),
    ("从第8名跃升至第2名", "第8名 rank, 第2名 rank"),
]
NAMES = [
    ("在301会议室召开推进会", ""),
    ("州政务中心三楼大厅", ""),
    ("州1-7任务进展顺利", ""),
    ("新7、续8、激12正在推进", ""),
    ("政7-2已完成建设任务", ""),
    ("感3项目资料已归档", ""),
    ("省1任务按序时推进", ""),
    ("（州1-7）已建成安防设备1710个", "1710个 done"),
    ("续8完成投资320万元", "320万元 money"),
    ("激12：新增企业12户", "12户 done"),
]
REPORTS = [
    ("全县共有行政村186个，已通组硬化路行政村186个", "186个 other|target|done?, 186个 done"),
    (
        "农村户厕改造任务3200座，开工2860座，完工2415座，完工率75.5%",
        "3200座 target, 2860座 other, 2415座 done, 75.5% rate|percent",
    ),
    ("截至6月20日，全市新增城镇就业1.23万人，为年度目标的61.5%", "1.23万人 done, 61.5% percent"),
    (
        "州级财政已下拨补助资金860万元，剩余340万元将于年底前拨付",
        "860万元 money, 340万元 other|target",
    ),
    (
        "全年计划完成投资12亿元，1-5月实际完成4.86亿元，占全年计划的40.5%",
        "12亿元 target, 4.86亿元 money, 40.5% percent",
    ),
    ("力争全年新增规上企业20家以上", "20家 target"),
    (
        "全市共排查自建房12.6万栋，初判存在安全隐患1826栋，完成整治1544栋",
        "12.6万栋 done, 1826栋 done|other|target?, 1544栋 done",
    ),
    ("古丈县完成8.3公里，占任务26公里的31.9%", "8.3公里 done, 26公里 target, 31.9% percent"),
    ("7个贫困村中，5个村已实现通光纤", "7个 other|target?, 5个 done"),
    ("户籍人口城镇化率46.2%，比上年提高1.3个百分点", "46.2% rate, 1.3个百分点 points"),
    ("全州登记在册车辆32万辆", "32万辆 other|done?"),
    ("村级服务站建设完成率不足50%", "50% percent"),
    ("已完成主体施工的学校3所", "3所 done?"),
    ("办理不动产登记3.6万件，平均办理时限压缩至3个工作日", "3.6万件 done, 3个工作日 done|other"),
    ("培训班共举办12期，每期50人", "12期 done, 50人 done|other?"),
    ("一季度GDP总量186.3亿元，同比增长5.8%", "186.3亿元 money|done|other?, 5.8% growth"),
    ("投诉量同比减少128件，下降12.6%", "128件 growth, 12.6% growth"),
    ("全市有残疾人8.2万人，其中一级残疾1.1万人", "8.2万人 other|done?, 1.1万人 other|done?"),
    ("目前已有18个村启动建设", "18个 other|done?"),
    ("工程预计总投资2.6亿元，分两期实施，一期1.4亿元", "2.6亿元 target, 1.4亿元 target"),
    ("完成土方开挖12万立方米，占设计总量的38%", "12万立方米 done, 38% percent|rate"),
    ("新增床位120张，床位总数达到1860张", "120张 done, 1860张 other|done"),
    ("实有床位1860张，使用率82.3%", "1860张 other|done?, 82.3% rate"),
    ("对照年度目标，还需完成改造136户", "136户 other|target"),
    ("距年度任务还差12个百分点", "12个百分点 points"),
    ("全县8个乡镇、126个村实现垃圾分类全覆盖", "8个 other|done?, 126个 other|done?"),
    ("清退不合格低保对象236户512人，新纳入低保318户", "236户 done, 512人 done, 318户 done"),
    ("今年我县承担的任务是新建农村公路86公里", "86公里 target"),
    ("该项目设计年产能5万吨，目前已投产", "5万吨 other|target?"),
    ("按照每村不少于2名的标准配备护林员，目前共配备护林员372名", "2名 target, 372名 done"),
    ("9个县市区均已完成目标任务", "9个 other|done?"),
    ("发放宣传单3万余份，接受群众咨询1200人次", "3万余份 done, 1200人次 done|other"),
    ("本月新开工项目6个，累计开工42个", "6个 other, 42个 other"),
    ("合格率由91.2%提高到95.6%", "91.2% rate, 95.6% rate"),
    ("人均纯收入达1.56万元，增长9.2%", "1.56万元 done|other|money?, 9.2% growth"),
    ("组织召开调度会议5次，印发督办函12份，约谈3人", "5次 done, 12份 done, 3人 done"),
    ("完成率排名全州第4位，较上月上升2位", "第4位 rank, 2位 other|growth?"),
    ("共争取到位上级资金3.6亿元，同比多争取0.8亿元", "3.6亿元 money, 0.8亿元 growth"),
    ("水稻种植面积32.6万亩，较去年增加0.8万亩", "32.6万亩 done|other?, 0.8万亩 growth"),
    ("截至目前，任务完成过半，进度达52%", "52% stated|percent"),
    ("12345热线受理工单8652件，办结率99.2%，满意率97.5%", "8652件 done, 99.2% rate, 97.5% rate"),
    ("我局10项重点任务中，8项已完成，2项正在推进", "10项 target|other?, 8项 done, 2项 other"),
    ("乡镇卫生院标准化建设已完工23所，在建5所，未开工2所", "23所 done, 5所 other, 2所 other"),
    ("今年以来查处违法案件26起，罚没款38.6万元", "26起 done, 38.6万元 money"),
    ("全年拟安排财政资金1.2亿元支持产业发展", "1.2亿元 target"),
    ("将于9月底前全面完成剩余的18公里", "18公里 other|target?"),
    ("保障性住房开工320套，开工率100%，基本建成210套", "320套 other, 100% rate, 210套 done"),
    ("脱贫人口务工就业8.6万人，完成率102.3%", "8.6万人 done, 102.3% percent"),
    ("植树造林3.2万亩，完成年度计划的106.7%，提前超额完成任务", "3.2万亩 done, 106.7% percent"),
    (
        "全州共有8个县市，其中5个县市完成率超过80%，3个县市不足60%",
        "8个 other?, 5个 other?, 80% percent, 3个 other?, 60% percent?",
    ),
    ("主干管网铺设65%，支管铺设40%", "65% percent|rate?, 40% percent|rate?"),
    ("目前一期已完成，二期完成30%", "30% percent"),
    ("年内要完成138户危房改造，目前完工率为46%", "138户 target, 46% rate|percent"),
    ("项目建设用地126亩已全部交付", "126亩 done|other"),
    ("征地拆迁完成126亩、87户，剩余13亩未签约", "126亩 done, 87户 done, 13亩 other"),
    ("已落实配套资金1200万元", "1200万元 money"),
    ("到6月底，累计发放贷款3.2亿元，支持企业126家", "3.2亿元 money, 126家 done|other"),
    ("公交车新能源占比由62%提升至78%", "62% rate, 78% rate"),
    ("全年空气优良天数要达到330天以上", "330天 target"),
    ("学前教育毛入园率92.6%，公办园占比56.8%", "92.6% rate, 56.8% rate"),
    ("吉首市、凤凰县分别完成65%和48%", "65% percent, 48% percent"),
    ("全县共设置接种点26个，日接种能力1.2万剂", "26个 done, 1.2万剂 other|done?"),
    ("累计接种32.6万剂次，接种率86%", "32.6万剂次 done, 86% rate"),
    ("投入资金120万元用于购置设备36台", "120万元 money, 36台 done"),
    ("其中，州本级120万元，县市配套380万元", "120万元 money|target?, 380万元 money|target?"),
]
HEADED = [
    (
        "工作进度滞后的是：转移就业培训900人次、无障碍改造100户，共2个指标",
        "900人次 other|target?, 100户 other|target?, 2个 other|target?",
    ),
    ("未完成的42项具体为：矿山生态修复3件、填埋场整改1件", "42项 other, 3件 other?, 1件 other?"),
    ("尚未开工的有：甲社区2个、乙社区1个", "2个 other?, 1个 other?"),
    ("城镇新增就业、一卡通等10项进度由省里统一报送", "10项 done|other?"),
    ("新增办理10件重点民生实事项目落实情况", "10件 target?"),
    ("共计办理实事45项", "45项 target?"),
    ("6项工作都有序开展", "6项 other"),
    ("到京登记人数不能超过3人", "3人 target"),
    ("合格率达不到100%", "100% rate|other?"),
    ("任务完成率未达到100%", "100% percent|other?"),
    ("完成一层60%墙体砌筑", "60% percent|rate?"),
    ("地区生产总值增长6.5%以上", "6.5% growth|target?"),
    ("预计全省排名第1名", "第1名 rank?"),
    ("排名第三（第一名新田县，第二名新晃县）", "第三 rank!, 第一名 rank?"),
    ("25项任务已提前完成", "25项 done"),
    ("修复完成率0", "0 percent"),
    ("需每次提供高清图片1张", "1张 target"),
    ("8县市项目主体已完工", "8县市 done|other?"),
]
EVERYTHING = (*REPORTS, *HEADED, *PLANS, *LISTS, *SHORT, *SCOPE, *SHARES, *RANKS, *NAMES)


@pytest.mark.parametrize(("text", "expected"), EVERYTHING)
def test_each_class_is_read_as_a_careful_person_would(text: str, expected: str) -> None:
    figures = read_prose(text, TODAY).figures
    wanted = expected.split(", ") if expected else []

    assert [figure.text for figure in figures] == [_words(each) for each in wanted]
    for figure, each in zip(figures, wanted, strict=True):
        assert _is_as_wanted(figure, each), f"{figure.kind} {figure.certain}, not {each}"


def _words(wanted: str) -> str:
    return wanted.rpartition(" ")[0].split("|")[0]


def _is_as_wanted(figure: ProseFigure, wanted: str) -> bool:
    kinds = wanted.rpartition(" ")[2]
    if kinds.endswith("!") and not figure.certain:
        return False
    if kinds.endswith("?") and figure.certain:
        return False
    return figure.kind.value in kinds.strip("!?").split("|")
