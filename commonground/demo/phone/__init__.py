"""A phone in a page, for the demo: text in like a resident, see what comes back."""

from commonground.demo.phone.assembly import create_demo

__all__ = ["create_demo"]
