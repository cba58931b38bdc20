"""
The files of other watchers → watches of ours, and a report of what became of each of their keys.

Pure: bytes and texts come in, texts go out. Nothing that a file names is opened, asked or run.

| module            | what it knows                                                       |
|-------------------|---------------------------------------------------------------------|
| `source`          | which tool a file is of, and how it is read within bounds           |
| `urlwatch`        | urls.yaml                                                           |
| `webchanges`      | jobs.yaml                                                           |
| `changedetection` | the archive that it makes, and url-watches.json of before           |
| `opml`            | feeds of a feed reader                                              |
| `url_list`        | one URL a line                                                      |
| `filters`         | the filters that urlwatch and webchanges share                      |
| `watches`         | jobs → watches that the loader takes                                |
| `written`         | watches → the text of their file                                    |
| `report`          | what became of each key                                             |
"""
