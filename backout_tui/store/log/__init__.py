"""The log and the plans as rows: appended under a gate, read, and verified from their own bytes.

Every change goes through `journal`; code that only reads loads no SQLModel.
"""
