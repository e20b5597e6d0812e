"""The portal's web pages: an overview, and a page per dataset."""
