"""
The files of other watchers → watches of ours, and a report of what became of each of their keys.

Pure: bytes and texts come in, texts go out. Nothing that a file names is opened, asked or run.

| module            | what it knows                                                             |
|-------------------|---------------------------------------------------------------------------|
| `source`          | which tool a file is of, and how it is read within bounds                 |
| `yaml_jobs`       | YAML of other tools, as plain values                                      |
| `archive`         | the archive of changedetection.io, and url-watches.json of before         |
| `urlwatch`        | urls.yaml                                                                 |
| `webchanges`      | jobs.yaml                                                                 |
| `job_keys`        | the keys that urlwatch and webchanges share                               |
| `filters`         | the filters that they share                                               |
| `changedetection` | the watches of changedetection.io                                         |
| `page_filters`    | what these read of a page, and when they tell                             |
| `restock`         | its watches of stock and price                                            |
| `opml`            | feeds of a feed reader                                                    |
| `url_list`        | one URL a line                                                            |
| `conversion`      | a watch in the making, and what became of each key of its job             |
| `patterns`        | what is done with lines of a text, as expressions of `ignore_text`        |
| `json_paths`      | queries of jq, as JSONPath                                                |
| `github`          | pages of GitHub that have a feed                                          |
| `masks`           | what looks like a secret                                                  |
| `watches`         | jobs → watches that the loader takes                                      |
| `written`         | watches → the text of their file                                          |
| `report`          | what became of each key                                                   |
| `notifying`       | what takes the place of where notifications went                          |
"""
