"""What the read API answers, as its OpenAPI describes it: nothing else ever leaves.

Descriptions are Chinese, since they are read as documentation; numbers are text, exact as printed.
"""

from datetime import date, datetime

from pydantic import BaseModel, Field

from models.rules.outlook import Level
from models.rules.reporting import State
from models.submission import AnswerKind, SubmissionState
from models.task import UnitRole


class ProgrammeItem(BaseModel):
    """一个专项。"""

    code: str = Field(description="专项代码，用在其他地址里", examples=["minsheng-2021"])
    title: str = Field(description="全称", examples=["2021年重点民生实事项目"])
    short_title: str = Field(description="简称", examples=["重点民生实事"])
    year: int = Field(description="年度", examples=[2021])
    area: str = Field(description="地区", examples=["湘西州"])
    demo: bool | None = Field(None, description="true 为演示数据，不是真实情况")


class Indicator(BaseModel):
    """一项指标。"""

    name: str = Field(description="指标名称", examples=["乡村公共部位安防设备"])
    unit: str = Field(description="计量单位", examples=["个"])
    target: str | None = Field(None, description="年度目标", examples=["6000"])
    value: str | None = Field(None, description="已通过的累计数", examples=["1710"])
    percent: str | None = Field(None, description="完成率，%，两位小数", examples=["28.50"])


class ClauseItem(BaseModel):
    """一条责任分工。"""

    text: str = Field(description="分工内容", examples=["建设县域商业体系"])
    role: UnitRole = Field(
        description="lead 牵头，shared 按职责分工，each 分别负责", examples=["lead"]
    )
    lead: list[str] = Field(description="牵头或负责的单位", examples=[["州商务局"]])
    supporting: list[str] = Field(description="配合单位", examples=[["州农业农村局"]])
    unnamed: list[str] | None = Field(None, description="文件写明但没有点名的，如“有关部门”")


class OutlookItem(BaseModel):
    """创先争优的研判。"""

    level: Level = Field(description="可能程度", examples=["有可能"])
    judged: bool = Field(description="true 为人工评定", examples=[False])
    entries: dict[str, str] = Field(
        description="各单位或县市的可能程度", examples=[{"吉首市": "有可能"}]
    )


class TaskItem(BaseModel):
    """一项任务和它在数据日期的进度。"""

    number: str = Field(description="任务编号", examples=["新7"])
    title: str = Field(description="任务名称", examples=["雪亮工程"])
    theme: str | None = Field(None, description="所属主题")
    lead: list[str] = Field(description="牵头单位", examples=[["州公安局"]])
    supporting: list[str] = Field(description="配合单位", examples=[[]])
    clauses: list[ClauseItem] | None = Field(None, description="责任分工")
    indicators: list[Indicator] | None = Field(None, description="指标")
    done: str | None = Field(None, description="完成率，%，两位小数", examples=["28.50"])
    scheduled: str | None = Field(None, description="序时进度，%，两位小数", examples=["58.33"])
    status: str | None = Field(None, description="状态，用语以专项为准", examples=["滞后"])
    judged: bool | None = Field(None, description="true 为人工评定的状态", examples=[False])
    outlook: OutlookItem | None = Field(None, description="研判，创先争优的专项才有")
    verified: str | None = Field(None, description="验收率，%，两位小数")


class ObligationItem(BaseModel):
    """一件应报事项（任务的一期）。"""

    id: int = Field(description="事项编号", examples=[412])
    task: str = Field(description="任务编号", examples=["新7"])
    clause: int | None = Field(None, description="第几条分工，整个任务则不出现")
    units: list[str] = Field(description="应报单位，其中一家报送即可", examples=[["州公安局"]])
    due: datetime = Field(
        description="截止时间，已延期的为延期后", examples=["2021-09-10T23:59:59+08:00"]
    )
    covers: list[date] | None = Field(
        None, description="所报数据的起止日期", examples=[["2021-01-01", "2021-08-31"]]
    )
    state: State = Field(
        description="owed 未到期，extended 已延期，overdue 逾期，submitted 待审，returned 已退回，"
        "resubmitted 重报待审，accepted 已通过，waived 免报",
        examples=["accepted"],
    )
    assumed: list[str] = Field(
        description="文件未写明、期限所依据的推定；没有推定则为空", examples=[[]]
    )
    submission: int | None = Field(None, description="报送编号，还没有报送则不出现", examples=[128])
    history: bool | None = Field(None, description="true 为载入专项以前的期次，不要求补报")


class FigureItem(BaseModel):
    """报送中的一个数。"""

    series: str = Field(
        description="reported 报送数，stated 自报进度（%），verified 验收率（%）",
        examples=["reported"],
    )
    indicator: str | None = Field(
        None, description="指标名称；整个任务的数不出现", examples=["乡村公共部位安防设备"]
    )
    county: str | None = Field(None, description="县市；全州合计不出现")
    value: str = Field(description="数值，按计量单位", examples=["2100"])
    unit: str | None = Field(None, description="计量单位", examples=["个"])
    approximate: bool | None = Field(None, description="true 为约数")
    as_of: date = Field(description="数据截至", examples=["2021-08-31"])


class Accepted(BaseModel):
    """已通过的版本：只有它计入进度。"""

    version: int = Field(description="第几次报送", examples=[1])
    kind: AnswerKind = Field(description="report 报送，nil 无变化", examples=["report"])
    received_at: datetime = Field(
        description="收到这一版的时间", examples=["2021-09-08T16:20:00+08:00"]
    )
    as_of: date | None = Field(None, description="数据截至", examples=["2021-08-31"])
    stated_percent: str | None = Field(None, description="自报进度，%")
    sections: dict[str, str] = Field(
        description="文字部分，按栏目；为单位报送的原文，用作网页、表格时请转义",
        examples=[{"措施": "8月安装设备390个。"}],
    )
    figures: list[FigureItem] = Field(description="数据")


class SubmissionItem(BaseModel):
    """一件报送。不含报送人、审核人，也不含未通过的内容。"""

    number: int = Field(description="报送编号", examples=[128])
    obligation: int = Field(description="对应的应报事项", examples=[412])
    task: str = Field(description="任务编号", examples=["新7"])
    unit: str = Field(description="报送单位", examples=["州公安局"])
    covers: list[date] | None = Field(
        None, description="应报数据的起止日期", examples=[["2021-01-01", "2021-08-31"]]
    )
    state: SubmissionState = Field(
        description="最新一版：submitted 待审，accepted 已通过，returned 已退回，withdrawn 已撤回",
        examples=["accepted"],
    )
    version: int = Field(description="最新一版是第几次", examples=[1])
    received_at: datetime = Field(
        description="首次收到的时间，按它计是否按时", examples=["2021-09-08T16:20:00+08:00"]
    )
    reviewed_at: datetime | None = Field(
        None, description="最近一次审核的时间", examples=["2021-09-09T09:05:00+08:00"]
    )
    accepted: Accepted | None = Field(None, description="已通过的版本，没有则不出现")


class RecipePart(BaseModel):
    """排名办法的一部分。"""

    name: str = Field(description="名称", examples=["进度"])
    weight: str = Field(description="权重，%", examples=["60"])
    how: str = Field(description="怎么计", examples=["牵头任务完成率与序时进度之比的平均，满分100"])


class PlacePart(BaseModel):
    """得分的一部分。"""

    name: str = Field(description="名称", examples=["进度"])
    value: str | None = Field(None, description="0至100，不适用则不出现", examples=["48.86"])
    weight: str = Field(description="分摊后的权重，%", examples=["60"])
    detail: str = Field(description="依据", examples=["牵头1项，最低为新7 雪亮工程（48.86分）"])


class Place(BaseModel):
    """一个单位的名次。"""

    unit: str = Field(description="单位", examples=["州公安局"])
    group: str = Field(description="组别，各组分别排名", examples=["州直单位"])
    rank: int | None = Field(None, description="名次，0分和未计分的不排", examples=[9])
    of: int = Field(description="本组排名的单位数", examples=[16])
    score: str | None = Field(None, description="得分，两位小数", examples=["54.31"])
    previous_rank: int | None = Field(None, description="上次名次", examples=[8])
    parts: list[PlacePart] = Field(description="各部分得分")


class RankingItem(BaseModel):
    """一次公布的排名，公布后不再改动；有更正的，另出一版。"""

    id: int = Field(description="编号", examples=[3])
    period: str = Field(description="期次", examples=["2021-W36"])
    edition: int = Field(description="第几版", examples=[1])
    holds: bool = Field(description="true 为这一期的最新版", examples=[True])
    data_date: date = Field(description="数据截至", examples=["2021-07-31"])
    published_at: datetime = Field(description="公布时间", examples=["2021-09-06T08:30:00+08:00"])
    recipe: list[RecipePart] = Field(description="排名办法")
    rows: list[Place] = Field(description="各单位，按组别和名次")


class BulletinItem(BaseModel):
    """一份已签发的文件；发给单个单位的函件不在内。"""

    id: int = Field(description="编号", examples=[7])
    kind: str = Field(description="种类", examples=["circular"])
    kind_title: str | None = Field(None, description="种类名称", examples=["通报"])
    title: str = Field(description="标题", examples=["关于2021年8月重点民生实事项目进展情况的通报"])
    year: int = Field(description="文号的年度", examples=[2021])
    number: int = Field(description="文号", examples=[1])
    period: str = Field(description="期次", examples=["2021-08"])
    data_date: date = Field(description="数据截至", examples=["2021-08-31"])
    issued_at: datetime = Field(description="签发时间", examples=["2021-09-15T10:00:00+08:00"])
    corrects: int | None = Field(None, description="更正的是哪一份（id）")
    sha256: str = Field(
        description="文件的 SHA-256",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    file: str = Field(
        description="Word 文件的地址，同样要带令牌",
        examples=["https://dajuan.example.gov.cn/api/v1/programmes/minsheng-2021/bulletins/7/file"],
    )


class Listing(BaseModel):
    """一页；没有 next 就是最后一页。"""

    next: str | None = Field(None, description="下一页的完整地址，原样使用；与响应头 Link 中的相同")


class ProgrammeList(Listing):
    """可以读取的专项。"""

    items: list[ProgrammeItem]


class OfProgramme(Listing):
    """一个专项的一页。"""

    demo: bool | None = Field(None, description="true 为演示数据，不是真实情况")


class TaskList(OfProgramme):
    """任务，按印发次序。"""

    data_date: date = Field(description="数据截至", examples=["2021-07-31"])
    items: list[TaskItem]


class ObligationList(OfProgramme):
    """应报事项，按截止时间。"""

    items: list[ObligationItem]


class SubmissionList(OfProgramme):
    """报送，按编号。"""

    items: list[SubmissionItem]


class RankingList(OfProgramme):
    """公布的排名，新的在前。"""

    items: list[RankingItem]


class BulletinList(OfProgramme):
    """已签发的文件，新的在前。"""

    items: list[BulletinItem]
