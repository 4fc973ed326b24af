"""Counties named beside figures: 吉首市1000个, 其中花垣县…; 全州 and 其余 end them."""

import re
from collections.abc import Collection

_NO_COUNTY = re.compile(
    r".*(?:[小社园景校片辖库灾林矿街厂城山农牧湖战营专老主地市功成]区|(?:保护|示范|试验|安置|住宅)区"
    r"|[城超夜门集上都省股楼]市|[全各本我两三四五六七八九十余他该个省市其][县市区州]|(?:示范|试点|先进|重点|贫困|脱贫|帮扶|强|大)县|县市)"
)
_COUNTY = re.compile("[县市区]")
_NAMED = re.compile(
    r"(?:^|(?<=[、,;:(。\s])|(?<=其中)|(?<=包括)|(?<=含)|(?<=和)|(?<=及)|(?<=与))"
    r"(?:[一-龥]{0,8}?(?:其中|目前|今年|[含和及与是为有在由中除]))?([一-龥]{1,5}?(?:自治县|[县市区]))(?![级区长内外场域镇])"
)
_WHOLE = re.compile(
    r"[全各][省州市县区]|[我本][省州市县]|其余|其他|其它|合计|总计|州本级|[两三四五六七八]个?县"
)
_JOINING = re.compile(
    r"其中|以及|[和及与、,;:\s.·并则含共约近达为是有等各]|包括|分别|分别为|累计|目前|已经|已|全[州市县省]|合计"
)


def places_in(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The counties that *text* names, in order: by their shape, or as one of *known*."""
    named = _NAMED.finditer(text) if _COUNTY.search(text) else ()
    found = {each.start(1): each[1] for each in named if not _NO_COUNTY.fullmatch(each[1])}
    for name in known:
        at = text.find(name)
        if at >= 0 and not any(start <= at < start + len(n) for start, n in found.items()):
            found[at] = name
    return tuple(found[start] for start in sorted(found)) if found else ()


def ends_place(text: str, place: str = "") -> bool:
    """Whether 全州, 其余 and the like say that *place* is not meant any more.

    Behind 吉首市 it is that city which 全市 means, and not the whole.
    """
    return _WHOLE.search(text.replace(f"全{place[-1:]}", "") if place else text) is not None


def without_places(text: str, known: Collection[str]) -> str:
    """What remains of *text* when counties and joining words are taken out."""
    if not text:
        return text
    for name in sorted(places_in(text, known), key=len, reverse=True):
        text = text.replace(name, " ")
    return _JOINING.sub("", text)
