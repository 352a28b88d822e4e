package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// sarifResultOf returns a finding as a result: its first place as the location, the others as related ones.
func sarifResultOf(f finding.Finding, rules []kind, at time.Time, start origin) sarifResult {
	index := kindOf(f)
	result := sarifResult{
		RuleID: rules[index].id, RuleIndex: index, Level: sarifLevel(f.Severity),
		Message: sarifText{Text: sarifMessageOf(f, at)},
		// The same token is the same alert wherever it moves. primaryLocationLineHash is the one that GitHub compares.
		PartialFingerprints: map[string]string{"jwtleakToken/v1": f.Fingerprint, "primaryLocationLineHash": f.Fingerprint},
		OccurrenceCount:     f.OccurrenceCount,
		Rank:                sarifRank(f.Severity),
		Taxa:                sarifReferences(riskReferences(f)),
		Properties:          sarifPropertiesOf(f),
	}
	for i, occurrence := range f.Occurrences {
		location := sarifLocationOf(occurrence, start)
		if i == 0 {
			result.Locations = []sarifLocation{location}
			continue
		}
		if i == sarifMaxLocations {
			break
		}
		location.ID = &i
		location.Message = &sarifText{Text: "The same token: " + sarifMessage(shortened(placeWords(occurrence), longestShown))}
		result.RelatedLocations = append(result.RelatedLocations, location)
	}
	result.Message.Text += sarifLinks(f)
	if len(f.Occurrences) == 0 {
		result.Locations = []sarifLocation{}
	}
	if f.Suppressed != nil {
		result.Suppressions = []sarifSuppression{sarifSuppressionOf(*f.Suppressed)}
	}
	return result
}

// sarifMaxLinks is how many places a message links to: as many as are still read.
const sarifMaxLinks = 25

// sarifLinks returns what the message has of the places behind the first, as embedded links (section 3.11.6). Code scanning
// shows related locations where the message links to them, and nowhere else: whoever mends one place has to see the others.
func sarifLinks(f finding.Finding) string {
	listed := min(len(f.Occurrences), sarifMaxLinks+1)
	if listed < 2 {
		return ""
	}
	links := make([]string, 0, listed-1)
	for i, occurrence := range f.Occurrences[1:listed] {
		links = append(links, fmt.Sprintf("[%s](%d)", sarifMessage(otherPlaceWords(occurrence)), i+1))
	}
	text := " The same token is at " + strings.Join(links, ", ")
	if more := f.OccurrenceCount - listed; more > 0 {
		text += " and in " + plural(int64(more), "more place", "more places")
	}
	return text + "."
}

func sarifSuppressionOf(s finding.Suppression) sarifSuppression {
	where := "external"
	if s.By == finding.SuppressedByComment {
		where = "inSource"
	}
	return sarifSuppression{Kind: where, Status: "accepted", Justification: visible(shortened(suppressionWords(s), longestShown))}
}

func sarifLevel(severity finding.Severity) string {
	switch severity {
	case finding.Critical, finding.High:
		return "error"
	case finding.Medium:
		return "warning"
	default:
		return "note"
	}
}

// sarifRank is the priority of a result, from 0 to 100.
func sarifRank(severity finding.Severity) float64 {
	return float64(max(0, 100-20*severity.Rank()))
}

// sarifMessageOf says the facts of a finding. The first sentence stands for itself where room is scarce.
func sarifMessageOf(f finding.Finding, at time.Time) string {
	said := func(s string) string { return sarifMessage(shortened(s, 200)) }
	var b strings.Builder
	b.WriteString("JSON Web Token")
	if f.IssuerKnown != nil && f.IssuerKnown.KindOnly {
		fmt.Fprintf(&b, " (%s)", said(f.IssuerKnown.TokenUse))
	}
	fmt.Fprintf(&b, " of %s: %s", said(issuerWords(f)), said(statusWords(f, at)))
	if f.Sample {
		b.WriteString(" (published sample)")
	}
	fmt.Fprintf(&b, ". Held by %s", said(holderWords(f)))
	if len(f.Token.Audience) > 0 {
		fmt.Fprintf(&b, ", for %s", said(strings.Join(f.Token.Audience, ", ")))
	}
	if f.Token.ExpiresAt != nil {
		fmt.Fprintf(&b, ", expires at %s", timeWords(f.Token.ExpiresAt))
	}
	fmt.Fprintf(&b, ". Found in %s. %s", plural(int64(f.OccurrenceCount), "place", "places"),
		sarifMessage(shortened(remedyWords(f), shownOfARemedy)))
	return b.String()
}

func sarifPropertiesOf(f finding.Finding) sarifResultProperties {
	properties := sarifResultProperties{
		ID: f.ID, Severity: string(f.Severity), Status: string(f.Status), Algorithm: f.Token.Algorithm, KeyID: f.Token.KeyID,
		Issuer: f.Token.Issuer, TokenUse: tokenUse(f), Holder: f.Holder.Kind, HolderBy: f.Holder.By, Raw: f.Raw,
		Subject: f.Token.Subject, Audience: f.Token.Audience, Scopes: f.Token.Scopes, Sample: f.Sample,
		ExpiresIn: f.Token.ExpiresInSeconds, Lifetime: f.Token.LifetimeSeconds,
	}
	if f.IssuerKnown != nil {
		properties.IssuerName, properties.Revocation = f.IssuerKnown.Name, f.IssuerKnown.Revocation
	}
	if f.Token.IssuedAt != nil {
		properties.IssuedAt = timeWords(f.Token.IssuedAt)
	}
	if f.Token.NotBefore != nil {
		properties.NotBefore = timeWords(f.Token.NotBefore)
	}
	if f.Token.ExpiresAt != nil {
		properties.ExpiresAt = timeWords(f.Token.ExpiresAt)
	}
	if f.Exposure != nil {
		properties.FirstSeen, properties.LastSeen = sarifTime(f.Exposure.FirstSeen), sarifTime(f.Exposure.LastSeen)
		properties.SeenBy, properties.LiveWhenSeen, properties.WindowSeconds = f.Exposure.SeenBy, &f.Exposure.LiveWhenSeen, f.Exposure.WindowSeconds
	}
	for _, risk := range f.Risks {
		properties.Risks = append(properties.Risks, risk.ID)
	}
	return properties
}

// sarifLocationOf returns a place. Inside a container the line is not one of the file, which SARIF can't say: the region
// is then the beginning of the file, since code scanning asks for one, and the logical location has the way in.
func sarifLocationOf(occurrence finding.Occurrence, start origin) sarifLocation {
	location := sarifLocation{PhysicalLocation: sarifPhysicalLocation{ArtifactLocation: artifactOf(start, occurrence), Region: &sarifRegion{StartLine: 1}}}
	if len(occurrence.Container) == 0 && occurrence.Line > 0 {
		location.PhysicalLocation.Region = sarifRegionOf(occurrence)
	}
	if len(occurrence.Container) > 0 {
		location.LogicalLocations = []sarifLogicalLocation{{FullyQualifiedName: visible(placeWords(occurrence)), Kind: "resource"}}
	}
	properties := sarifPlaceProperties{Encodings: occurrence.Encodings}
	if at, ok := occurrence.Place.(finding.GitPlace); ok {
		properties.Object, properties.Commit, properties.Author = at.Object, at.Commit, at.Author
	}
	if properties.Object != "" || len(properties.Encodings) > 0 {
		location.Properties = &properties
	}
	return location
}

// sarifRegionOf returns the region of a place: of its column no more than is known in characters, which is what SARIF
// counts in. Without one it is the line.
func sarifRegionOf(occurrence finding.Occurrence) *sarifRegion {
	region := &sarifRegion{StartLine: sarifNumber(occurrence.Line)}
	if occurrence.CharacterColumn > 0 {
		region.StartColumn = sarifNumber(occurrence.CharacterColumn)
	}
	return region
}

// sarifNumber bounds a line or column to what consumers read into 32 bits.
func sarifNumber(n int64) int64 { return max(1, min(n, 1<<31-1)) }
