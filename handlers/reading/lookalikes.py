"""Characters that the eye, a scanner or a shape-based input method takes for one another."""

#: Each word is a group; what sounds alike needs no place here.
_GROUPS = """
未末 己已巳 土士 干千于 天夫大太犬 日曰目 田由甲申 人入八 刀力刁 木本术 末来 玉王主 午牛 戊戌戍成
折析拆 拔拨 侯候 辨辩辫瓣 陪赔倍培部 篮蓝 历厉 徒徙 晴睛情清请 竞竟 壁璧 即既 炙灸 薄簿 博搏傅
侧测则 仓仑 沧沦 抢抡 枪枝 代伐 贷货 斤斥 诉拆 今令 冷泠 拎扲 免兔 勉晚 乌鸟 岛鸟 末米 米来 泪汨
汩泊 洒酒 沫沬 拓柘 栽裁载 栽栋 埋理 理埋里 暮墓幕慕募 幻幼 幼劝 劝欢观 没设役 投技枝肢 股服
报极根抱板 板扳 极级 级纪 纪记 记计 订打 打扎 札礼扎 社杜 杜牡 农衣 衣依 村材付 林材 公么幺 分公
路跆骆 女安 妨防仿访 建健键 较校 治冶 囗口 少小 办为 办力 残践浅线 助肋 床庆厌 洁浩 缓援暖 件仵
网冈罔 岗网 尤龙 业亚 川训 域城 填镇慎 堡保 低抵底 巾中 匠医 约药钓 捡检险验 查杳 师帅 侧厕
政改玫攻 造选 光先 纡纤迁 水永 利刊 程桯 项顷 料科 剑创 新亲 对时 外处 故放 文交 强弹 明朋 助动
动功 切功 册删 珊删册 山出 换唤焕 退腿 回囬囗 回田 撤彻澈 撒撤 报执 执挚 通遇 遇逼 过边 过还 还这
签笺 发友拨 布市 币市 免晚 崔催摧 更史吏 吏使 修条 提堤题 取职 消销 认从 从丛 确硕 待持侍特 审宙
神审 状壮 态恋 太态 排推 推堆准 名各 客容 进井 井并 度席 展辰 任仕仟 务劳 单早 早旱 帮邦 用甩 法洁
什仆 仆朴 查看 看着 看春 未朱 朱末 期朝 限很恨 延廷 评坪 定宝 督瞀 办协 销锁 研砚 判刑 刊判 周用
通诵 出击 导异 登凳 记汜 群郡 点占 放牧 假暇 上士 班斑 邀激 绑梆 定走 别剔 名召 找我 模摸漠 板版
析祈 牵牢 州洲川 省看 县具 区巨 市帀 局居 委季 李季 厅斤 会合 首道 吉古 吉告 泸沪 庐泸炉 溪汉 凤风
凰皇 丈大 垣桓恒 花化 靖清 顺须 湘相 乡多 村衬 雪霄 亮高 贫贪 扶抚 抉扶 技扶 养美 老者 考老 孤狐
儿几 几凡 凡儿 童章 障章 碍得 护炉 护沪 床庄 庄压 位仕 癌瘤 工土 程秤 厂广 户尸 户卢 供洪 电甩申
网四 配酿 基墓 站钻 光尤 纤红 信佶 通迪 讯汛 学字 校饺 园圆 学觉 觉党 位拉 法怯 律津 助劫 案宴
件伴 孕孚 产户 前煎 筛筋 查渣 普晋 惠慧 托拖 育有
""".split()


def _alike() -> frozenset[tuple[str, str]]:
    return frozenset((a, b) for group in _GROUPS for a in group for b in group if a != b)


_ALIKE = _alike()


def look_alike(one: str, other: str) -> bool:
    """Whether two characters are easily taken for one another by their shape."""
    return (one, other) in _ALIKE or (other, one) in _ALIKE
