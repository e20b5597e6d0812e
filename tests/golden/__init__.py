"""What no release may change unseen: what states hold, what previews print, which names there are.

A test fails where the project's answer differs from the file beside it. Where the change is meant, renew the files
and look at what they then say:

    RENEW_GOLDEN=1 make test TESTS=tests/golden
"""
