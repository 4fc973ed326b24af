"""The verbs and nouns of official reports by what they do to a figure, field by field."""

from collections.abc import Iterable

#: Over when they are said: 完成, 建成, 发放.
_ACHIEVED = (
    # any field
    "完成 完成了 新纳入 新设 转正 履约 接收 调入 调拨 遍访 成型 接通 划定 劝离 撤并 轮换 "
    "建成 竣工 完工 办结 建好 修好 做好 装好 干好 改好 办好 建完 干完 "
    "做完 修完 装完 改完 弄完 投入使用 投入运营 投入运行 投用 投产 投运 交付 交工 移交 "
    "达到 达标 实现 通过 验收 落实 落地 建立 成立 组建 设立 创成 创建 打通 解决 消除 销号 "
    "整改 发现 梳理 获批 获评 入围 入选 获得 荣获 认定 命名 挂牌 评为 评选 评定 推荐 申报 鉴定 "
    "上报 报送 报名 增加 新增 净增 恢复 提供 提交 出台 印发 制定 制订 修订 废止 编制 促成 更新 "
    "更换",
    # building, roads, water, power
    "铺设 铺筑 架设 敷设 布设 设置 布置 安放 安设 施划 划设 硬化 疏通 疏浚 清淤 贯通 通车 "
    "开通 修通 通水 通电 通气 抢通 抢修 清运 清障 浇筑 衬砌 立杆 架线 并网 联网 接入 入网 "
    "迁改 封顶 摘牌 供地 出让 征收 征拆 签约 腾退 搬入 迁入 入住 配租 分配 拆除 拆违 清理 "
    "清退 回填 种植 栽植 栽种 植树 造林 补植 补种 播种 播出 播放",
    # farming and business
    "出栏 补栏 收割 收获 收购 收储 屠宰 生产(?!安全|总值|性) 产出 投放 放流 流转 托管 "
    "供应 采购 购置 引进 引育 对接 洽谈 开业 上线 上云 升规 入统 入规 入库 入园 入驻 进驻 "
    "注册 登记 注销 吊销 孵化 转化 转让 推广 推介 推送 备案 关停 关闭 淘汰 取缔 查封 召回 "
    "下架 年检 冻结 止付 放贷",
    # schools, health, work, welfare
    "录取 录用 招录 招聘 招募 聘用 选派 派出 派驻 派遣 派发 派单 轮岗 轮训 结业 毕业 返校 "
    "返岗 返乡 入学 劝返 筛查 体检 检查 检测 检验 监测 抽检 抽查 抽样 采样 接种 诊疗 救治 "
    "义诊 转诊 随访 治愈 复查 收治 建档 参保 续保 缴费 就业 创业 吸纳 安置 转移 救助 帮扶 "
    "资助 慰问 走访 探访 捐赠 认领 适配 评残 换发 换证 办证 发放 发布 发送 发出 发证 颁发 "
    "颁证 兑现 兑付 代养 集中供养 辅导 矫治 回访 配备 配置 配套 配发",
    # police, courts, safety, environment
    "破获 破案 抓获 抓捕 侦破 打掉 捣毁 缴获 查获 查扣 查处 查出 查办 刑拘 拘留 逮捕 起诉 "
    "公诉 收戒 劝阻 收缴 没收 扣押 立案 结案 审结 执结 执行 判处 判决 宣判 移送 收案 受案 "
    "化解 调解 代理 援助 咨询 解答 送达 公证 约谈 问责 通报 曝光 诫勉 处分 处理 处置 处罚 "
    "责令 督办 交办 转办 督导 督查 暗访 排查 排除 巡查 巡诊 巡河 巡林 劝导 纠正 识别 监管 "
    "管护 养护 扑灭 扑救 疏散 出动 销毁 回收 转运 运送 运输 客运",
    # offices, papers, events
    "受理 办理 代办 帮办 网办 接待 接听 接诉 接到 回复 答复 办复 批复 召开 举办 举行 开展 "
    "组织 张贴 印制 制发 制作 刊发 刊登 刊播 编发 采用 采编 采纳 上稿 发稿 发表 转载 宣讲 "
    "宣传 演出 放映 巡演 录制 拍摄 表扬 表彰 核查 核实 核发 核减 核销 核准 核验 征集 收集 收到 "
    "收回 收看 汇聚 归集 归档 共享 审批 审核 审查 审计 批准 签订 签署 签发 出具 开具 开出 "
    "取消 精简 撤销 合并 归并 下发 下派 选树 培养 培树 调研 考察 拜访 组团 结算 划转",
)
#: Written with something around it.
_ACHIEVED_FORMS = (
    r"[装用挂种接搭][上好完](?=了?约?\d)|达(?<!下达)(?=\d|约|近)|立(?=刑|行|案)|[装改建修](?=了)"
)
#: Plans and reports share them: 建设, 培训.
_ACTIVE = (
    "建设 新改建 改建 新建 扩建 改扩建 迁建 改造 提质 提质改造 维修 维护 整修 修缮 修建 "
    "修编 兴建 重建 治理 整治 修复 加固 搬迁 存栏 保障 实施 培训 安装 加装 培育 打造 承办 "
    "承担 承接 发展 扶持 支持 选取 遴选 增设 增补 增配 补充 招收 招生 评估 康复 训练 绿化 "
    "亮化 美化 净化 供水 供电 改厕 巩固 盘活 分解 开发 服务 筹建 筹集 筹措 配建 布局 扩容 "
    "扩面 改良 防治 清收 清查 摸排 普查 创评 复垦 复耕 开垦 轮作 灌溉 补贴"
)
_ACTIVE_FORMS = r"建(?![筑制议档国])|做(?=了)|设(?=\d)|补贴(?=\d)|负责(?!人|同志|制)"
#: They say whom or what it reaches.
_REACHING = (
    "涉及 涵盖 惠及 受益 受惠 受众 观众 听众 观看 辐射 下辖 参与 参加 参会 参训 容纳 可容 "
    "可供 满足 位于 分布 包括 包含 分为 服务群众 服务企业 服务人次 服务对象 服务人口 点击 "
    "浏览 阅读"
)
#: What only says how many or how large a thing is.
_DESCRIBED = (
    "面积 占地 全长 总长 长度 全程 里程 库容 总数 存量 底数 人口 工期 为期 历时 期限 时限 "
    "周期 对象 余额 保有量 在校 在岗 在编 在库 在册 在籍 在园 在院 日处理 能力 规模 半径 "
    "馆藏 藏书 容量 建筑面积 占地面积 用地面积 网格员 职工 党员 干部 教职工 医护人员 护士 "
    "医生 志愿者 服务期 质保期"
)
#: Verbs that, with one of `_THINGS` behind them, are half of a noun: 污水处理厂, 培训基地.
_HALF = (
    "处理 处置 检测 检验 监测 培训 服务 救助 养护 管护 帮扶 调解 援助 托管 孵化 供应 收购 "
    "收储 回收 转运 运输 救治 康复 咨询 接待 治理 建设 开发 采购 登记 受理 就业 创业 安置 "
    "搬迁 种植 生产(?!安全|总值|性) 加工 交易 评估 鉴定 维修 供水 供电 保障 发展 宣传 "
    "演出 训练 修复 改造 执行 管理 审批 监管 督导 巡查 体检 接种 筛查 辅导 考察 投放 播种 "
    "推广 返乡 流转 参保 办证"
)
_THINGS = (
    "厂 中心 基地 机构 队伍 委员会 指挥部 系统 平台 费 员 能力 时限 周期 协会 "
    "站(?![点所]) 公司 企业 车间 专班 专干 大厅 窗口 器材 专家 技能 经费 服务站 服务点 "
    "对象"
)


def one_of(words: str) -> str:
    """A pattern that fits the longest of the *words* between spaces.

    Words with the same first character stand together: where it does not fit none is tried.
    """
    rests: dict[str, set[str]] = {}
    for word in words.split():
        rests.setdefault(word[0], set()).add(word[1:])
    firsts = sorted(rests)
    # One look at the character instead of one for each of them.
    begins = f"(?=[{''.join(firsts)}])"
    return f"{begins}(?:{'|'.join(first + _longest(rests[first]) for first in firsts)})"


def _longest(rests: set[str]) -> str:
    ordered = sorted(rests, key=lambda rest: (-len(rest), rest))
    return ordered[0] if len(ordered) == 1 else f"(?:{'|'.join(ordered)})"


def _verbs(words: Iterable[str], forms: str) -> str:
    """A pattern for verbs: 完成率 holds none, nor does 污水处理厂."""
    listed = set(" ".join(words).split())
    half = listed & set(_HALF.split())
    nouns = rf"{one_of(' '.join(half))}(?!{one_of(_THINGS)})"
    return rf"(?:{one_of(' '.join(listed - half))}|{nouns}|{forms})(?!率)"


#: Words of change that plans use like verbs of work.
_CHANGING = "减少 压减 扩大 提升 提高"
VERBS = one_of(" ".join((*_ACHIEVED, _ACTIVE, _CHANGING)))
ACHIEVED = _verbs(_ACHIEVED, _ACHIEVED_FORMS)
ACTIVE = _verbs((_ACTIVE,), _ACTIVE_FORMS)
REACHING = one_of(_REACHING)
DESCRIBED = one_of(_DESCRIBED)
#: The words of each class that are written as they stand, for whoever compares them.
WORDS = {
    "achieved": frozenset(" ".join(_ACHIEVED).split()),
    "active": frozenset(_ACTIVE.split()),
    "reaching": frozenset(_REACHING.split()),
    "described": frozenset(_DESCRIBED.split()),
}
