"""The version of this API, as its document and its health tell it."""

VERSION = "1.0.0"
