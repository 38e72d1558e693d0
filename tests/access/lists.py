"""Lists as they are found at Google, for Hypothesis: everything that people, tools and years leave in them."""

from hypothesis import strategies as st

EMAILS = st.sampled_from(["dana@haneul.example", "Dana@Haneul.Example", "sora@haneul.example", "JUNHO@haneul.example"])
GROUPS = st.sampled_from(["analysts@haneul.example", "Analysts@Haneul.Example"])
MACHINES = st.sampled_from(["loader@lab.iam.gserviceaccount.com", "Loader@lab.iam.gserviceaccount.com"])
ROLES = st.sampled_from(
    ["READER", "WRITER", "OWNER", "roles/bigquery.dataViewer", "roles/bigquery.dataEditor", "roles/custom.masked"]
)
CONDITIONS = st.sampled_from(
    [
        {"title": "until spring", "expression": 'request.time < timestamp("2027-03-01T00:00:00Z")'},
        {"title": "baton/old", "expression": 'request.time < timestamp("2026-01-01T00:00:00Z")'},
        {"expression": "true"},
    ]
)
IAM_MEMBERS = st.one_of(
    EMAILS.map(lambda each: f"user:{each}"),
    GROUPS.map(lambda each: f"group:{each}"),
    MACHINES.map(lambda each: f"serviceAccount:{each}"),
    st.sampled_from(
        [
            "allUsers",
            "allAuthenticatedUsers",
            "domain:haneul.example",
            "deleted:user:dana@haneul.example?uid=123",
            "deleted:serviceAccount:old@lab.iam.gserviceaccount.com?uid=9",
            "principal://iam.googleapis.com/locations/global/workforcePools/pool/subject/Dana",
        ]
    ),
)
_WHOM = st.one_of(
    EMAILS.map(lambda each: {"userByEmail": each}),
    MACHINES.map(lambda each: {"userByEmail": each}),
    GROUPS.map(lambda each: {"groupByEmail": each}),
    IAM_MEMBERS.map(lambda each: {"iamMember": each}),
    st.just({"specialGroup": "projectOwners"}),
    st.just({"domain": "haneul.example"}),
)
_WITH_ROLE = st.builds(
    lambda whom, role, condition, extra: {**whom, "role": role, **condition, **extra},
    _WHOM,
    ROLES,
    st.one_of(st.just({}), CONDITIONS.map(lambda each: {"condition": each})),
    st.one_of(st.just({}), st.just({"aFieldOfTomorrow": {"deep": [1]}})),
)
_AUTHORISED = st.sampled_from(
    [
        {"view": {"projectId": "lab", "datasetId": "marts", "tableId": "orders_view"}},
        {"routine": {"projectId": "lab", "datasetId": "udf", "routineId": "mask"}},
        {"dataset": {"dataset": {"projectId": "lab", "datasetId": "marts"}, "targetTypes": ["VIEWS"]}},
    ]
)
ENTRIES = st.lists(st.one_of(_WITH_ROLE, _AUTHORISED), max_size=12).flatmap(
    lambda listed: (
        st.lists(st.sampled_from(listed), max_size=3).map(lambda twice: [*listed, *twice])
        if listed
        else st.just(listed)
    )
)
BINDINGS = st.lists(
    st.builds(
        lambda role, members, condition: {"role": role, "members": members, **condition},
        ROLES,
        st.lists(IAM_MEMBERS, max_size=5),
        st.one_of(st.just({}), CONDITIONS.map(lambda each: {"condition": each})),
    ),
    max_size=6,
)
