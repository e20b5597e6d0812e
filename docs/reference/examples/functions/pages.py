import pulumi
import pulumi_opendatasoft as ods

welcome = ods.CodeEditorPage("welcome", content=ods.PageContent(html={"en": "<h1>Open data of the city</h1>"}))
budget = ods.StudioPage("budget", slug="budget")
logo = ods.Image("logo", file=ods.File("images/logo.svg"))

# Who changed a page, and the versions of a page that people write in the portal.
page = ods.get_code_editor_page_output(welcome.id)
pulumi.export("author", page.updated_by.username)
pulumi.export("versions", ods.get_studio_page_output(budget.uid).contents.apply(len))
pulumi.export("logo", ods.get_image_output(logo.url).url)

# Everything that there is, whoever made it.
pulumi.export("pages", [found.slug for found in ods.list_code_editor_pages() if not found.is_archived])
pulumi.export("studio pages", [found.slug for found in ods.list_studio_pages()])
pulumi.export("images", [found.url for found in ods.list_images()])
