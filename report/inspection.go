package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// WriteInspectionJSON writes one finding as the JSON object that it is in a report.
func WriteInspectionJSON(w io.Writer, found finding.Finding) error {
	out := &jsonWriter{w: bufio.NewWriter(w)}
	out.value(guard{}.finding(found).Normal(), "")
	out.text("\n")
	if err := out.flush(); err != nil {
		return fmt.Errorf("write the inspection: %w", err)
	}
	return nil
}

// WriteInspection writes what one token says and means, for a person at a terminal.
func WriteInspection(w io.Writer, found finding.Finding, options Options) error {
	t := newTable(w, options)
	found = guard{showTokens: options.ShowTokens}.finding(found).Normal()
	token := found.Token
	t.pair("kind", inspectedKind(found))
	t.pair("status", t.paint.status(found.Status, statusWords(found, options.At)))
	t.pair("severity", t.paint.severity(found.Severity, visible(string(found.Severity))))
	t.pair("issuer", visible(inspectedIssuer(found)))
	t.pair("holder", visible(inspectedHolder(found)))
	t.pair("audience", visible(listWords(token.Audience, "none")))
	t.pair("issued", timeWords(token.IssuedAt))
	t.pair("from", timeWords(token.NotBefore))
	t.pair("expires", timeWords(token.ExpiresAt))
	if token.LifetimeSeconds != nil {
		t.pair("lives", durationWords(*token.LifetimeSeconds))
	}
	if len(token.Scopes) > 0 {
		t.pair("scopes", visible(listWords(token.Scopes, "none")))
	}
	for i, risk := range found.Risks {
		label := ""
		if i == 0 {
			label = "risks"
		}
		t.pair(label, visible(fmt.Sprintf("%s (%s): %s. %s", risk.ID, risk.Severity, risk.Title, strings.Join(risk.References, ", "))))
	}
	t.pairLines("do", t.columns.advice(visible(remedyWords(found)), t.width-severityWidth-len(gap)))
	t.pair("verified", unverifiedWords)
	t.pair("id", visible(found.ID))
	t.object("header", token.Header)
	if found.Rule == ruleJWS {
		t.object("claims", token.Claims)
	}
	return t.flush()
}

func inspectedKind(found finding.Finding) string {
	words := "signed token (JWS)"
	if found.Rule == ruleJWE {
		words = "encrypted token (JWE)"
	}
	if found.Sample {
		words = "published sample, " + words
	}
	words += ", alg " + visible(found.Token.Algorithm)
	if found.Token.Disclosures > 0 {
		words += ", with " + plural(int64(found.Token.Disclosures), "disclosure", "disclosures")
	}
	return words
}

// inspectedIssuer says who made the token, what kind of token it is, and what the claim iss says where that is more.
func inspectedIssuer(found finding.Finding) string {
	words := issuerWords(found)
	if found.IssuerKnown != nil && found.IssuerKnown.KindOnly {
		return words + ", " + found.IssuerKnown.Name
	}
	if use := tokenUse(found); use != "" {
		words += ", " + use
	}
	if found.IssuerKnown != nil && found.Token.Issuer != "" {
		words += ", iss " + found.ClaimedIssuer()
	}
	return words
}

// inspectedHolder says who may use the token, and which claim tells.
func inspectedHolder(found finding.Finding) string {
	if found.Holder.By == "" {
		return holderWords(found)
	}
	return holderWords(found) + ", told by " + found.Holder.By
}

func listWords(list []string, none string) string {
	if len(list) == 0 {
		return none
	}
	return strings.Join(list, ", ")
}

func timeWords(t *time.Time) string {
	if t == nil {
		return "not said"
	}
	return t.UTC().Format(time.RFC3339)
}

// object writes a decoded JSON object, indented.
func (t *table) object(label string, object map[string]any) {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(object); err != nil {
		t.pair(label, visible(err.Error()))
		return
	}
	t.line(t.paint.strong(label))
	t.line(strings.TrimRight(string(plainJSON(nil, encoded.Bytes())), "\n"))
}
