import pulumi_opendatasoft as ods

editors = ods.Group("editors", title="Editors")
ods.CodeEditorPage(
    "welcome",
    title={"en": "Welcome", "fr": "Bienvenue"},
    content=ods.PageContent(
        html={"en": "<h1>Open data of the city</h1>", "fr": "<h1>Les données de la ville</h1>"},
        css={"en": "h1 { color: teal; }", "fr": "h1 { color: teal; }"},
    ),
    tags=["home"],
    group_access=[ods.GroupAccess(group=editors.uid, permissions=["edit_page"])],
)
