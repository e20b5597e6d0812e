import pulumi_opendatasoft as ods

editors = ods.Group("editors", title="Editors", permissions=["edit_dataset"])

# The portal sends an invitation to this address when the user is created.
ana = ods.User("ana", email="ana@mycity.org", groups=[editors.uid])
