package report

import _ "embed" // for schema.json

//go:embed schema.json
var schema string

// Schema returns the JSON Schema (draft 2020-12) of the report object; that of a line of jsonl is #/$defs/line in it.
func Schema() string { return schema }
