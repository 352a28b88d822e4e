package finding

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// flatOccurrence is an Occurrence as reports show it: the place's fields beside the others, `kind` saying which they are.
// The order of the fields is part of the contract, since equal reports have equal bytes.
type flatOccurrence struct {
	Kind   string `json:"kind"`
	Target string `json:"target,omitempty"`
	Path   string `json:"path,omitempty"`
	// The fields that end in _bytes are the base64 of those that are no UTF-8 and so cannot stand in JSON as they are.
	TargetBytes    []byte   `json:"target_bytes,omitempty"`
	PathBytes      []byte   `json:"path_bytes,omitempty"`
	Line           int64    `json:"line,omitempty"`
	Column         int64    `json:"column,omitempty"`
	Characters     int64    `json:"character_column,omitempty"`
	Offset         int64    `json:"offset"`
	SeenAt         jsonTime `json:"seen_at,omitzero"`
	SeenBy         SeenBy   `json:"seen_by,omitempty"`
	Container      []string `json:"container,omitempty"`
	ContainerBytes [][]byte `json:"container_bytes,omitempty"`
	Encodings      []string `json:"encodings,omitempty"`
	Allowed        bool     `json:"allowed,omitempty"`

	ReadAt jsonTime `json:"read_at,omitzero"` // standard input only

	Repository      string   `json:"repository,omitempty"`
	RepositoryBytes []byte   `json:"repository_bytes,omitempty"`
	Object          string   `json:"object,omitempty"`
	ObjectType      string   `json:"object_type,omitempty"`
	Commit          string   `json:"commit,omitempty"`
	Author          string   `json:"author,omitempty"`
	AuthorEmail     string   `json:"author_email,omitempty"`
	AuthoredAt      jsonTime `json:"authored_at,omitzero"`
	Reachable       *bool    `json:"reachable,omitempty"` // git only
	AtTip           *bool    `json:"at_tip,omitempty"`    // git only
	AtHead          bool     `json:"at_head,omitempty"`
	Tips            []string `json:"tips,omitempty"`
	RemovedBy       string   `json:"removed_by,omitempty"`
}

// jsonTime is a time that always has a JSON: one outside the years of RFC 3339 (a commit may claim any) is moved to the
// nearest that has, since a report must not fail for it.
type jsonTime struct{ time.Time }

// MarshalJSON writes the time in RFC 3339, UTC.
func (t jsonTime) MarshalJSON() ([]byte, error) {
	return Clamp(t.Time).MarshalJSON()
}

// Clamp returns a time in UTC that RFC 3339 can write: years 1 to 9999, others moved to the nearest end.
func Clamp(t time.Time) time.Time {
	t = t.UTC()
	switch {
	case t.Year() > 9999:
		return time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	case t.Year() < 1:
		return time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)
	}
	return t
}

// MarshalJSON writes the flat form: `kind`, the fields of that kind of place, and the occurrence's own.
func (o Occurrence) MarshalJSON() ([]byte, error) {
	flat := flatOccurrence{
		Line: o.Line, Column: o.Column, Characters: o.CharacterColumn, Offset: o.Offset, Encodings: o.Encodings, Allowed: o.Allowed,
		SeenAt: jsonTime{o.SeenAt}, SeenBy: o.SeenBy,
	}
	flat.Container, flat.ContainerBytes = textsAndBytes(o.Container)
	switch place := o.Place.(type) {
	case FilePlace:
		flat.Kind = place.Kind()
		flat.Target, flat.TargetBytes = textAndBytes(place.Target)
		flat.Path, flat.PathBytes = textAndBytes(place.Path)
	case StdinPlace:
		flat.Kind, flat.ReadAt = place.Kind(), jsonTime{place.ReadAt}
	case GitPlace:
		flat.fromGit(place)
	default:
		return nil, fmt.Errorf("write occurrence: no such kind of place: %T", o.Place)
	}
	return marshalPlain(flat)
}

func (flat *flatOccurrence) fromGit(place GitPlace) {
	flat.Kind = place.Kind()
	flat.Target, flat.TargetBytes = textAndBytes(place.Target)
	flat.Path, flat.PathBytes = textAndBytes(place.Path)
	flat.Repository, flat.RepositoryBytes = textAndBytes(place.Repository)
	flat.Object, flat.ObjectType = place.Object, place.ObjectType
	flat.Commit, flat.Author, flat.AuthorEmail = place.Commit, place.Author, place.AuthorEmail
	flat.AuthoredAt = jsonTime{place.AuthoredAt}
	flat.Reachable, flat.AtTip, flat.AtHead = &place.Reachable, &place.AtTip, place.AtHead
	flat.Tips, flat.RemovedBy = place.Tips, place.RemovedBy
}

// UnmarshalJSON reads what MarshalJSON wrote. A kind it doesn't know is an error.
func (o *Occurrence) UnmarshalJSON(data []byte) error {
	var flat flatOccurrence
	if err := json.Unmarshal(data, &flat); err != nil {
		return fmt.Errorf("read occurrence: %w", err)
	}
	target, path := original(flat.Target, flat.TargetBytes), original(flat.Path, flat.PathBytes)
	var place Place
	switch flat.Kind {
	case FilePlace{}.Kind():
		place = FilePlace{Target: target, Path: path}
	case StdinPlace{}.Kind():
		place = StdinPlace{ReadAt: flat.ReadAt.Time}
	case GitPlace{}.Kind():
		place = GitPlace{
			Target: target, Path: path, Repository: original(flat.Repository, flat.RepositoryBytes),
			Object: flat.Object, ObjectType: flat.ObjectType,
			Attribution: Attribution{
				Commit: flat.Commit, Author: flat.Author, AuthorEmail: flat.AuthorEmail, AuthoredAt: flat.AuthoredAt.Time,
				Reachable: flat.Reachable != nil && *flat.Reachable, AtTip: flat.AtTip != nil && *flat.AtTip, AtHead: flat.AtHead,
				Tips: flat.Tips, RemovedBy: flat.RemovedBy,
			},
		}
	default:
		return fmt.Errorf("read occurrence: no such kind of place: %.20q", flat.Kind)
	}
	*o = Occurrence{
		Place: place, Line: flat.Line, Column: flat.Column, CharacterColumn: flat.Characters, Offset: flat.Offset,
		Container: flat.Container, Encodings: flat.Encodings, Allowed: flat.Allowed, SeenAt: flat.SeenAt.Time, SeenBy: flat.SeenBy,
	}
	for i, name := range flat.ContainerBytes {
		if i < len(o.Container) && len(name) > 0 {
			o.Container[i] = string(name)
		}
	}
	return nil
}

// textAndBytes returns a string as JSON can hold it and, where that isn't the string itself, its bytes.
func textAndBytes(s string) (text string, raw []byte) {
	if utf8.ValidString(s) {
		return s, nil
	}
	return strings.ToValidUTF8(s, "\uFFFD"), []byte(s)
}

// textsAndBytes does so for each of several strings; raw is nil where all are UTF-8, its elements where that one is.
func textsAndBytes(names []string) (texts []string, raw [][]byte) {
	for i, name := range names {
		if utf8.ValidString(name) {
			continue
		}
		if raw == nil {
			texts, raw = append([]string(nil), names...), make([][]byte, len(names))
		}
		texts[i], raw[i] = textAndBytes(name)
	}
	if raw == nil {
		return names, nil
	}
	return texts, raw
}

func original(text string, raw []byte) string {
	if len(raw) > 0 {
		return string(raw)
	}
	return text
}

// The types of the lines of a jsonl report, by the Event each tells.
const (
	LineFinding    = "finding"    // Found
	LineOccurrence = "occurrence" // Met
	LineUpdate     = "update"     // Updated
	LineProblem    = "problem"    // Problem
	LineScan       = "scan"       // Ended
)

type foundLine struct {
	Type string `json:"type"`
	Finding
}

type metLine struct {
	Type       string     `json:"type"`
	ID         string     `json:"id"`
	Occurrence Occurrence `json:"occurrence"`
}

type updatedLine struct {
	Type            string       `json:"type"`
	ID              string       `json:"id"`
	Severity        Severity     `json:"severity,omitempty"`
	Exposure        *Exposure    `json:"exposure,omitempty"`
	Suppressed      *Suppression `json:"suppressed,omitempty"`
	Repository      string       `json:"repository,omitempty"`
	RepositoryBytes []byte       `json:"repository_bytes,omitempty"`
	Occurrences     []Occurrence `json:"occurrences,omitempty"`
}

type problemLine struct {
	Type string `json:"type"`
	Problem
}

type endedLine struct {
	Type    string  `json:"type"`
	Schema  string  `json:"schema"`
	Tool    Tool    `json:"tool"`
	Scan    Scan    `json:"scan"`
	Summary Summary `json:"summary"`
}

// MarshalEvent returns an event as a line of a jsonl report, without the line feed: a JSON object with `type` first.
func MarshalEvent(event Event) ([]byte, error) {
	switch event := event.(type) {
	case Found:
		return marshalPlain(foundLine{LineFinding, event.Finding.Normal()})
	case Met:
		return marshalPlain(metLine{LineOccurrence, event.ID, event.Occurrence})
	case Updated:
		line := updatedLine{Type: LineUpdate, ID: event.ID, Severity: event.Severity, Exposure: event.Exposure.normal(), Suppressed: event.Suppressed, Occurrences: event.Occurrences}
		line.Repository, line.RepositoryBytes = textAndBytes(event.Repository)
		return marshalPlain(line)
	case Problem:
		return marshalPlain(problemLine{LineProblem, event})
	case Ended:
		return marshalPlain(endedLine{LineScan, Schema, event.Tool, event.Scan.Normal(), event.Summary.Normal()})
	default:
		return nil, fmt.Errorf("write event: no such event: %T", event)
	}
}

// ErrLineType is the error of a line whose type is none of those above.
var ErrLineType = errors.New("no such type of line")

// UnmarshalEvent reads one line of a jsonl report. Numbers in headers and claims are json.Number.
func UnmarshalEvent(line []byte) (Event, error) {
	var head struct {
		Type   string `json:"type"`
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	switch head.Type {
	case LineFinding:
		read := foundLine{}
		err := unmarshalNumbers(line, &read)
		return Found{read.Finding}, err
	case LineOccurrence:
		read := metLine{}
		err := unmarshalNumbers(line, &read)
		if err == nil && read.Occurrence.Place == nil {
			err = errors.New("read event: an occurrence line without an occurrence")
		}
		return Met{read.ID, read.Occurrence}, err
	case LineUpdate:
		read := updatedLine{}
		err := unmarshalNumbers(line, &read)
		return Updated{
			ID: read.ID, Severity: read.Severity, Exposure: read.Exposure, Suppressed: read.Suppressed,
			Repository: original(read.Repository, read.RepositoryBytes), Occurrences: read.Occurrences,
		}, err
	case LineProblem:
		read := problemLine{}
		err := unmarshalNumbers(line, &read)
		return read.Problem, err
	case LineScan:
		read := endedLine{}
		err := unmarshalNumbers(line, &read)
		if err == nil && read.Schema != Schema {
			err = fmt.Errorf("read event: the schema is %.40q, not %s", read.Schema, Schema)
		}
		return Ended{Tool: read.Tool, Scan: read.Scan, Summary: read.Summary}, err
	default:
		return nil, fmt.Errorf("read event: %w: %.20q", ErrLineType, head.Type)
	}
}

// Normal returns the finding as the contract has it: lists that must be there are, times are UTC and such as RFC 3339
// can write. What it points at is not changed.
func (f Finding) Normal() Finding {
	f.Risks = orEmpty(f.Risks)
	for i, risk := range f.Risks {
		if risk.References == nil {
			f.Risks = append([]Risk(nil), f.Risks...)
			f.Risks[i].References = []string{}
		}
	}
	f.Occurrences = orEmpty(f.Occurrences)
	if f.Token.Header == nil {
		f.Token.Header = map[string]any{}
	}
	f.Token.IssuedAt, f.Token.NotBefore, f.Token.ExpiresAt = clamped(f.Token.IssuedAt), clamped(f.Token.NotBefore), clamped(f.Token.ExpiresAt)
	f.Exposure = f.Exposure.normal()
	return f
}

func (e *Exposure) normal() *Exposure {
	if e == nil {
		return nil
	}
	exposure := *e
	exposure.FirstSeen, exposure.LastSeen = Clamp(e.FirstSeen), Clamp(e.LastSeen)
	return &exposure
}

// Normal returns the scan as the contract has it.
func (s Scan) Normal() Scan {
	s.StartedAt, s.FinishedAt, s.EvaluatedAt = Clamp(s.StartedAt), Clamp(s.FinishedAt), Clamp(s.EvaluatedAt)
	s.Targets, s.Problems = orEmpty(s.Targets), orEmpty(s.Problems)
	if s.Detached != nil {
		s.Detached = &Detached{Count: s.Detached.Count, Places: orEmpty(s.Detached.Places)}
	}
	return s
}

// Normal returns the summary as the contract has it.
func (s Summary) Normal() Summary {
	if s.ByStatus == nil {
		s.ByStatus = map[Status]int{}
	}
	if s.BySeverity == nil {
		s.BySeverity = map[Severity]int{}
	}
	if s.ByIssuer == nil {
		s.ByIssuer = map[string]int{}
	}
	if s.ByHolder == nil {
		s.ByHolder = map[string]int{}
	}
	return s
}

func clamped(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	clamp := Clamp(*t)
	return &clamp
}

func orEmpty[E any](list []E) []E {
	if list == nil {
		return []E{}
	}
	return list
}

// marshalPlain is json.Marshal without the escapes that only HTML needs: paths and URLs stay readable.
func marshalPlain(v any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}

func unmarshalNumbers(data []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(v); err != nil {
		return fmt.Errorf("read event: %w", err)
	}
	return nil
}
