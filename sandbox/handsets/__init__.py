"""The handsets page: telephones to text, dial and chat from, a letter tray, and what goes over the wire beside.

It draws what the counterparts of this sandbox know and acts through them, as a person with the devices would.
"""

from sandbox.handsets.page import Page
from sandbox.handsets.people import Person, people

__all__ = ["Page", "Person", "people"]
