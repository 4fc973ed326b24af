"""The servers' address book, as far as an app asks for it; its calls are free of the quota."""

from typing import Any

from tests.twins.dingtalk.corp import Corp, Malformed, Member, Refused
from tests.twins.dingtalk.wire import Answer, Call, Route

_UNKNOWN, _OUT_OF_SCOPE, _NO_DEPARTMENT = 60121, 50002, 60003


class Book:
    """People and departments."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        member, department = "qyapi_get_member", "qyapi_get_department_list"
        self.routes = {
            "topapi/v2/user/get": Route("POST", self._user, scope=member),
            "topapi/v2/user/getbymobile": Route(
                "POST", self._by_mobile, scope=f"{member}_by_mobile"
            ),
            "topapi/user/getbyunionid": Route("POST", self._by_union, scope=member),
            "topapi/user/listid": Route("POST", self._ids, scope=member),
            "topapi/user/listsimple": Route(
                "POST", self._people, scope="qyapi_get_department_member"
            ),
            "topapi/v2/department/listsub": Route("POST", self._departments, scope=department),
        }

    def _user(self, call: Call) -> Answer:
        member = self._corp.members.get(_asked(call, "userid"))
        found = self._seen(member)
        told: dict[str, Any] = {
            "userid": found.userid,
            "unionid": found.union_id,
            "name": found.name,
            "title": found.title,
            "dept_id_list": list(found.departments),
            "active": found.is_active,
            "admin": False,
        }
        if found.mobile and "qyapi_get_member_by_mobile" in call.by.scopes:
            told["mobile"] = found.mobile
        return _result(told)

    def _seen(self, member: Member | None) -> Member:
        if member is None:
            raise Refused(_UNKNOWN, "找不到该用户")
        if not member.visible:
            raise Refused(_OUT_OF_SCOPE, "请求的员工userid不在授权范围内")
        return member

    def _by_mobile(self, call: Call) -> Answer:
        mobile = _asked(call, "mobile")
        found = (each for each in self._corp.members.values() if each.mobile == mobile)
        return _result({"userid": self._seen(next(found, None)).userid})

    def _by_union(self, call: Call) -> Answer:
        union = _asked(call, "unionid")
        found = (each for each in self._corp.members.values() if each.union_id == union)
        return _result({"userid": self._seen(next(found, None)).userid, "contact_type": 0})

    def _in(self, call: Call) -> list[Member]:
        department = call.body.get("dept_id")
        if department not in self._corp.departments:
            raise Refused(_NO_DEPARTMENT, "部门不存在")
        people = self._corp.members.values()
        return [each for each in people if department in each.departments and each.visible]

    def _ids(self, call: Call) -> Answer:
        return _result({"userid_list": [each.userid for each in self._in(call)]})

    def _people(self, call: Call) -> Answer:
        cursor, size = call.body.get("cursor"), call.body.get("size")
        if not isinstance(cursor, int) or not isinstance(size, int) or not 0 < size <= 100:
            raise Malformed(40035, "cursor and size, at most 100")
        found = self._in(call)
        page = [{"userid": e.userid, "name": e.name} for e in found[cursor : cursor + size]]
        more = cursor + size < len(found)
        told: dict[str, Any] = {"has_more": more, "list": page}
        return _result(told | ({"next_cursor": cursor + size} if more else {}))

    def _departments(self, call: Call) -> Answer:
        parent = call.body.get("dept_id", 1)
        found = [each for each, above in self._corp.departments.items() if above == parent]
        return Answer(
            {
                "result": [
                    {"dept_id": each, "name": str(each), "parent_id": parent} for each in found
                ]
            }
        )


def _asked(call: Call, name: str) -> str:
    value = call.body.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed(40035, f"缺少参数 {name}")
    return value


def _result(told: dict[str, Any]) -> Answer:
    return Answer({"result": told})
