import pulumi
import pulumi_opendatasoft as ods

editors = ods.Group("editors", title="Editors")
ods.StudioPage(
    "budget",
    slug="budget",
    public=True,
    published=True,
    group_access=[ods.GroupAccess(group=editors.uid, permissions=["edit_page"])],
    opts=pulumi.ResourceOptions(protect=True),
)
