"""The reading room: Datasette on the live ledger, with pages of our own that tell a deal's story.

    settings   what a room is opened with              room      builds the Datasette application
    safety     headers and hosts, around every answer  plugin    its hooks: routes, words, cells
    beliefs    the state of the deals, folded once     pages     address → template → gathering
    chart, graph   SVG                                 words     French and English

A page is gathered by one pure function from a connection to plain values; the same values are its
HTML, its JSON and, as `rows`, its CSV.
"""
