package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// The rules of findings.
const (
	ruleJWS = string(detectors.JWS)
	ruleJWE = string(detectors.JWE)
)

// unverifiedWords says whose word the names in our advice are: whoever wrote a token chose them.
const unverifiedWords = "nothing: names and dates are what the token says of itself. Check them before you act."

// statusWords says a finding's status with the time left or gone by, such as "live, 3 h left".
func statusWords(f finding.Finding, at time.Time) string {
	left := f.Token.ExpiresInSeconds
	switch f.Status {
	case finding.Live:
		if left != nil {
			return "live, " + durationWords(*left) + " left"
		}
		return "live"
	case finding.Expired:
		if left != nil {
			return "expired " + durationWords(*left) + " ago"
		}
		return "expired"
	case finding.NoExpiry:
		return "live, no expiry"
	case finding.NotYetValid:
		if f.Token.NotBefore != nil && !at.IsZero() {
			return "valid in " + durationWords(f.Token.NotBefore.Unix()-at.Unix())
		}
		return "not yet valid"
	case finding.Unknown:
		if f.Rule == ruleJWE {
			return "unknown, encrypted"
		}
		return "unknown, odd dates"
	default:
		return visible(string(f.Status))
	}
}

// durationWords says a number of seconds, whatever its sign, in its largest fitting unit.
func durationWords(seconds int64) string {
	if seconds < 0 {
		seconds = -seconds
	}
	units := []struct {
		size int64
		name string
	}{{365 * 24 * 3600, "y"}, {24 * 3600, "d"}, {3600, "h"}, {60, "min"}}
	for _, unit := range units {
		if seconds >= 2*unit.size {
			return fmt.Sprintf("%d %s", seconds/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%d s", seconds)
}

// issuerWords names the issuer of a finding.
func issuerWords(f finding.Finding) string {
	if name := f.IssuerName(); name != finding.NoIssuer {
		return name
	}
	return "no issuer"
}

// tokenUse says what kind of token of its issuer's a finding is, or "" where that is not known.
func tokenUse(f finding.Finding) string {
	if f.IssuerKnown == nil {
		return ""
	}
	return f.IssuerKnown.TokenUse
}

// holderWords says who may use the token, such as "workload system:serviceaccount:prod:deployer".
func holderWords(f finding.Finding) string {
	kind := f.Holder.Kind
	if kind == "" {
		kind = "unknown"
	}
	if f.Token.Subject == "" {
		return kind + " holder"
	}
	return kind + " " + f.Token.Subject
}

// remedyWords says in one sentence or two what to do about a finding.
func remedyWords(f finding.Finding) string {
	switch {
	case f.Sample:
		return "Nothing to revoke: this is a published sample. Make sure that nothing accepts its key."
	case hasRisk(f, "published-key"):
		return "The key that signs it is published, so anyone can make another" + keyWords(f) + ": replace that key first, which ends this one too."
	case f.Status == finding.Expired && f.Severity != finding.Info && !inMilliseconds(f) && f.Exposure != nil && f.Exposure.LiveWhenSeen:
		return fmt.Sprintf("Expired, but not harmless: it was live when it was %s%s. Look for what was done with it until it "+
			"expired, then find out how it got here: the next one may be live.", seenVerb(f.Exposure.SeenBy), usableWords(*f.Exposure, ", and could be used for "))
	case f.Status == finding.Expired && f.Severity != finding.Info && inMilliseconds(f):
		return "Not harmless though expired: exp is in milliseconds, and a verifier that reads it as the seconds that RFC 7519 has " +
			"accepts it still. Revoke it" + orRotate(f) + ", and have exp written in seconds."
	case f.Status == finding.Expired:
		return "Nothing to revoke if exp is checked wherever it is accepted. Find out how it got here: the next one may be live."
	case f.IssuerKnown != nil && f.IssuerKnown.Revocation != "":
		return f.IssuerKnown.Revocation
	case f.Rule == ruleJWE:
		return "What it grants is encrypted: ask whoever runs the service that issued it, and have it revoked there."
	case strings.EqualFold(f.Token.Algorithm, "none"):
		return "It is not signed: anyone can make another. Have every service that accepts it refuse alg none."
	case f.Status == finding.NoExpiry:
		return "It never expires: revoke it" + orRotate(f) + "."
	default:
		return "Revoke it" + orRotate(f) + ". Then remove it from here."
	}
}

// orRotate says how a token of an issuer that is not known is revoked.
func orRotate(f finding.Finding) string {
	return " at the issuer, or rotate the key that signs it" + keyWords(f)
}

// inMilliseconds reports whether the expiry was written in milliseconds.
func inMilliseconds(f finding.Finding) bool { return hasRisk(f, "millisecond-expiry") }

func hasRisk(f finding.Finding, id string) bool {
	return slices.ContainsFunc(f.Risks, func(risk finding.Risk) bool { return risk.ID == id })
}

// keyWords names the key, unless the token's writer put anything there that does harm where advice is pasted, as into a
// shell.
func keyWords(f finding.Finding) string {
	if !finding.Harmless(f.Token.KeyID) {
		return ""
	}
	return fmt.Sprintf(" (kid %s)", shortened(f.Token.KeyID, 60))
}

// placeWords names a place in one line: the path, the way through containers, line and column.
func placeWords(occurrence finding.Occurrence) string {
	words := pathWords(occurrence)
	for _, name := range occurrence.Container {
		words += " > " + name
	}
	if occurrence.Line > 0 {
		words += fmt.Sprintf(":%d:%d", occurrence.Line, occurrence.Column)
	}
	return words
}

// otherPlaceWords names a place among others that are listed: where it is not what a tip has now, by its commit too.
func otherPlaceWords(occurrence finding.Occurrence) string {
	words := shortened(placeWords(occurrence), longestOther)
	if at, ok := occurrence.Place.(finding.GitPlace); ok && at.Commit != "" && !at.AtTip {
		words += " in " + abbreviated(at.Commit)
	}
	return words
}

// longestOther bounds the name of a place among others, in characters.
const longestOther = 200

// pathWords names the file, object or stream of a place.
func pathWords(occurrence finding.Occurrence) string {
	switch at := occurrence.Place.(type) {
	case finding.FilePlace:
		return at.Path
	case finding.GitPlace:
		return gitPathWords(at)
	default:
		return "standard input"
	}
}

func gitPathWords(at finding.GitPlace) string {
	inside := at.Path
	if inside == "" {
		inside = strings.TrimSpace(at.ObjectType + " " + abbreviated(at.Object))
	}
	if at.Repository == "" || at.Repository == "." {
		return inside
	}
	if at.Path == "" {
		return at.Repository + " " + inside
	}
	return strings.TrimSuffix(at.Repository, "/") + "/" + inside
}

// originWords says how a place's text came there, as far as is known: "in 1a2b3c4d5e6f by Name on 2026-01-02".
func originWords(occurrence finding.Occurrence) string {
	at, ok := occurrence.Place.(finding.GitPlace)
	if !ok {
		return ""
	}
	var words []string
	if at.Commit != "" {
		words = append(words, "in "+abbreviated(at.Commit))
		if at.Author != "" {
			words = append(words, "by "+shortened(at.Author, 60))
		}
		if !at.AuthoredAt.IsZero() {
			words = append(words, "on "+at.AuthoredAt.UTC().Format(time.DateOnly))
		}
	} else if at.Object != "" && at.Path != "" {
		words = append(words, strings.TrimSpace("in "+at.ObjectType+" "+abbreviated(at.Object)))
	}
	return strings.Join(words, " ")
}

// standingWords says whether a place in a repository is still part of what a clone shows.
func standingWords(occurrence finding.Occurrence) string {
	at, ok := occurrence.Place.(finding.GitPlace)
	switch {
	case !ok:
		return ""
	case at.AtTip:
		return "still there"
	case at.Reachable:
		return "in history"
	default:
		return "not reachable from any ref"
	}
}

func abbreviated(object string) string {
	if len(object) > 12 {
		return object[:12]
	}
	return object
}

// morePlacesWords says how many places there are beside the first.
func morePlacesWords(f finding.Finding) string {
	switch more := f.OccurrenceCount - 1; {
	case more <= 0:
		return ""
	case more == 1:
		return "and 1 more place"
	default:
		return fmt.Sprintf("and %s more places", grouped(int64(more)))
	}
}

// grouped writes a number with its digits in groups of three.
func grouped(n int64) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// plural writes a number with the noun in the fitting form.
func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// A tally is how often something was counted.
type tally struct {
	name  string
	count int
}

// tallied returns counts in the order given, then the rest by count, the largest first, and name.
func tallied[K ~string](counts map[K]int, order []K) []tally {
	var list, rest []tally
	for _, name := range order {
		if counts[name] > 0 {
			list = append(list, tally{string(name), counts[name]})
		}
	}
	for name, count := range counts {
		if !slices.Contains(order, name) && count > 0 {
			rest = append(rest, tally{string(name), count})
		}
	}
	slices.SortFunc(rest, func(a, b tally) int {
		if a.count != b.count {
			return b.count - a.count
		}
		return strings.Compare(a.name, b.name)
	})
	return append(list, rest...)
}

// bytesWords says a size.
func bytesWords(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	size, unit := float64(n), 0
	for size >= 999.95 && unit < 6 {
		size, unit = size/1000, unit+1
	}
	return fmt.Sprintf("%.1f %cB", size, " kMGTPE"[unit])
}

// noneWords says that there is no finding of those that a report is to have: where it was filtered, or compared with another,
// now or before it was saved, tokens may have been found all the same.
func noneWords(scan finding.Scan) string {
	narrowedBy := func(flags ...string) bool {
		return slices.ContainsFunc(scan.Narrowed, func(narrowed string) bool { return slices.Contains(flags, flagOf(narrowed)) })
	}
	isNew, filtered := narrowedBy("--new-since"), narrowedBy("--status", "--severity", "--issuer", "--id")
	switch {
	case isNew && filtered:
		return "No new tokens that the filters keep"
	case isNew:
		return "No new tokens"
	case filtered:
		return "No tokens that the filters keep"
	}
	return "No tokens found"
}

// leftOutWords says how many paths patterns left out.
func leftOutWords(stats finding.Stats) string {
	return plural(stats.LeftOut, "path", "paths") + " left out by patterns"
}

// narrowedWords says which flags had less looked for than lies in the targets, or kept.
func narrowedWords(scan finding.Scan) string {
	const most = 20
	words := "by " + shortened(strings.Join(scan.Narrowed[:min(len(scan.Narrowed), most)], ", "), shownOfARemedy)
	if more := len(scan.Narrowed) - most; more > 0 {
		words += fmt.Sprintf(" and %s more", grouped(int64(more)))
	}
	return words
}

// goneWords says which of the findings that a report was compared with are gone.
func goneWords(scan finding.Scan) string {
	const most = 50
	ids := strings.Join(scan.Gone[:min(len(scan.Gone), most)], " ")
	if len(scan.Gone) > most {
		ids += " ..."
	}
	return plural(int64(len(scan.Gone)), "token that was known before is", "tokens that were known before are") + " gone: " + ids
}

// detachedWords says of the JWS with a detached payload that were met what they are, and where the first are.
func detachedWords(met *finding.Detached) string {
	return detachedWhat(met) + ": " + detachedWhere(met)
}

func detachedWhat(met *finding.Detached) string {
	const what = "JWS with a detached payload (header..signature), which "
	return plural(met.Count, what+"is no token", what+"are no tokens")
}

// detachedWhere names the first places of them; the format json names more.
func detachedWhere(met *finding.Detached) string {
	const most = 3
	told := met.Places[:min(len(met.Places), most)]
	words := make([]string, len(told))
	for i, place := range told {
		words[i] = otherPlaceWords(place)
	}
	where := strings.Join(words, ", ")
	if more := met.Count - int64(len(told)); more > 0 {
		where += " and " + plural(more, "more place", "more places")
	}
	return where
}

// leftOutLines names what was left out by design, each with the reason, and says how many more there are.
func leftOutLines(scan finding.Scan) []string {
	const most = 20
	var lines []string
	for i, left := range scan.LeftOut {
		if i == most {
			lines = append(lines, fmt.Sprintf("%s more left out; json lists them all", grouped(int64(len(scan.LeftOut)-i))))
			break
		}
		lines = append(lines, "left out "+shortened(problemPath(left), longestShown)+": "+shortened(left.Reason, longestShown))
	}
	return lines
}

// problemPath names what was not read; the scan itself where that is no file.
func problemPath(problem finding.Problem) string {
	if problem.Path == "" {
		return "scan"
	}
	return problem.Path
}

// unaccepted returns the findings that nobody accepted beforehand.
func unaccepted(findings []finding.Finding) []finding.Finding {
	isAccepted := func(f finding.Finding) bool { return f.Suppressed != nil }
	if !slices.ContainsFunc(findings, isAccepted) {
		return findings
	}
	return slices.DeleteFunc(slices.Clone(findings), isAccepted)
}

// suppressionWords says by what, and why, a finding was accepted beforehand.
func suppressionWords(s finding.Suppression) string {
	by := map[finding.SuppressedBy]string{
		finding.SuppressedByBaseline:      "the baseline",
		finding.SuppressedByIgnoreFile:    "the ignore file",
		finding.SuppressedByConfiguration: "the configuration",
		finding.SuppressedByComment:       "a comment beside it",
	}
	words, ok := by[s.By]
	if !ok {
		words = string(s.By)
	}
	words = "accepted by " + words
	if s.Reason != "" {
		words += ": " + s.Reason
	}
	return words
}
