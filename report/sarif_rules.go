package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// homepage is where the tool is explained.
const homepage = "https://github.com/jwtleak/jwtleak"

// A kind is what a finding is to the formats that put the severity on the rule: SARIF and GitLab.
type kind struct {
	id, name, title, why, remedy string
	level                        string // of SARIF
	security                     string // security-severity of GitHub: CVSS-like, 9.0 and above is critical
	references                   []string
}

// leakReferences are what every leaked credential is an instance of.
func leakReferences(more ...string) []string {
	return append([]string{"CWE-522", "CWE-312", "CWE-540", "OWASP-NHI2:2025", "RFC6750-5.3"}, more...)
}

// kinds returns all kinds, in the order of their index in SARIF.
func kinds() []kind {
	return append(usableKinds(), otherKinds()...)
}

func usableKinds() []kind {
	return []kind{
		{
			id: "jwt-live", name: "LiveToken", level: "error", security: "9.1",
			title:  "A JSON Web Token that can be used now lies in the open",
			why:    "The token has not expired. Whoever can read it here can act as its holder until it expires or is revoked.",
			remedy: "Revoke it at its issuer, or rotate the key that signs it if it can't be revoked. Then remove it from where it was found.",

			references: leakReferences(),
		},
		{
			id: "jwt-no-expiry", name: "TokenWithoutExpiry", level: "error", security: "9.5",
			title:  "A JSON Web Token that never expires lies in the open",
			why:    "The token has no exp claim. It can be used until it is revoked or the key that signed it is rotated.",
			remedy: "Revoke it at its issuer, or rotate the key that signs it. Have tokens issued with an exp.",

			references: leakReferences("CWE-613", "OWASP-NHI4:2025", "OWASP-NHI7:2025", "NIST-SP-800-63B-4-5.1"),
		},
		{
			id: "jwt-not-yet-valid", name: "TokenNotYetValid", level: "error", security: "7.5",
			title:  "A JSON Web Token that will become valid lies in the open",
			why:    "The nbf claim lies ahead: the token can't be used yet, and can be from then on.",
			remedy: "Revoke it at its issuer before it becomes valid, and remove it from where it was found.",

			references: leakReferences(),
		},
	}
}

func otherKinds() []kind {
	return []kind{
		{
			id: "jwt-expired", name: "ExpiredToken", level: "note", security: "2.5",
			title:  "An expired JSON Web Token lies in the open",
			why:    "The token has expired. It still tells who uses what, and it shows that tokens get here: the next one may be live.",
			remedy: "Find out how it got here and close that way. Make sure that exp is checked wherever such tokens are accepted.",

			references: leakReferences(),
		},
		{
			id: "jwt-unknown", name: "TokenOfUnknownLifetime", level: "warning", security: "5.5",
			title:  "A JSON Web Token whose expiry can't be read lies in the open",
			why:    "The exp or nbf claim is no date, or one of several is none. Whether the token can be used depends on what its verifier makes of that.",
			remedy: "Treat it as live: revoke it at its issuer, or rotate the key that signs it.",

			references: leakReferences("CWE-436"),
		},
		{
			id: "jwe", name: "EncryptedToken", level: "warning", security: "6.5",
			title:  "An encrypted JSON Web Token lies in the open",
			why:    "What the token grants and for how long is encrypted, yet whoever reads it can present it as it is.",
			remedy: "Have it revoked by the service that issued it, and remove it from where it was found.",

			references: leakReferences(),
		},
		{
			id: "jwt-sample", name: "PublishedSampleToken", level: "note", security: "0.1",
			title:  "A JSON Web Token of a published example is in use",
			why:    "The token is printed in a standard, a manual or a product's defaults. It grants nothing unless the key of the example is in use.",
			remedy: "Make sure that no service accepts the key of the example.",

			references: []string{"CWE-540"},
		},
	}
}

// kindOf returns the index of a finding's kind in kinds.
func kindOf(f finding.Finding) int {
	switch {
	case f.Sample:
		return 6
	case f.Rule == ruleJWE:
		return 5
	}
	switch f.Status {
	case finding.Live:
		return 0
	case finding.NoExpiry:
		return 1
	case finding.NotYetValid:
		return 2
	case finding.Expired:
		return 3
	default:
		return 4
	}
}

// A taxonomy is a published list of weaknesses or rules that references point into.
type taxonomy struct {
	name, organization, about, uri string
	prefix                         string // of references
}

func taxonomies() []taxonomy {
	return []taxonomy{
		{
			name: "CWE", organization: "MITRE", about: "Common Weakness Enumeration", uri: "https://cwe.mitre.org/", prefix: "CWE-",
		},
		{
			name: "OWASP-NHI", organization: "OWASP", about: "OWASP Non-Human Identities Top 10, 2025",
			uri: "https://owasp.org/www-project-non-human-identities-top-10/2025/top-10-2025", prefix: "OWASP-NHI",
		},
		{
			name: "NIST", organization: "NIST", about: "NIST Special Publications of the 800 series, by section",
			uri: "https://csrc.nist.gov/publications/sp800", prefix: "NIST-SP-",
		},
		{
			name: "RFC", organization: "IETF", about: "Requests for Comments, by section", uri: "https://www.rfc-editor.org/", prefix: "RFC",
		},
	}
}

// taxonNames returns the names of entries, by reference, where their list has names.
func taxonNames() map[string]string {
	return map[string]string{
		"CWE-312":         "Cleartext Storage of Sensitive Information",
		"CWE-321":         "Use of Hard-coded Cryptographic Key",
		"CWE-347":         "Improper Verification of Cryptographic Signature",
		"CWE-359":         "Exposure of Private Personal Information to an Unauthorized Actor",
		"CWE-436":         "Interpretation Conflict",
		"CWE-522":         "Insufficiently Protected Credentials",
		"CWE-532":         "Insertion of Sensitive Information into Log File",
		"CWE-540":         "Inclusion of Sensitive Information in Source Code",
		"CWE-613":         "Insufficient Session Expiration",
		"CWE-798":         "Use of Hard-coded Credentials",
		"CWE-1394":        "Use of Default Cryptographic Key",
		"OWASP-NHI2:2025": "Secret Leakage",
		"OWASP-NHI4:2025": "Insecure Authentication",
		"OWASP-NHI5:2025": "Overprivileged NHI",
		"OWASP-NHI7:2025": "Long-Lived Secrets",
		"OWASP-NHI9:2025": "NHI Reuse",
	}
}

// taxonomyOf returns the index of the taxonomy that a reference points into.
func taxonomyOf(reference string) (index int, ok bool) {
	index = slices.IndexFunc(taxonomies(), func(t taxonomy) bool { return strings.HasPrefix(reference, t.prefix) })
	return index, index >= 0
}

// sarifTaxonomies returns the taxonomies with the entries that are referred to.
func sarifTaxonomies(references []string) []sarifToolComponent {
	components := make([]sarifToolComponent, 0, len(taxonomies()))
	for _, t := range taxonomies() {
		components = append(components, sarifToolComponent{
			Name: t.name, Organization: t.organization, InformationURI: t.uri, ShortDescription: &sarifText{Text: t.about},
		})
	}
	names := taxonNames()
	for _, reference := range references {
		i, ok := taxonomyOf(reference)
		if !ok {
			continue
		}
		taxon := sarifDescriptor{ID: reference, HelpURI: referenceURI(reference)}
		if name := names[reference]; name != "" {
			taxon.ShortDescription = &sarifText{Text: name}
		}
		components[i].Taxa = append(components[i].Taxa, taxon)
	}
	return components
}

// referenceURI returns where a reference can be read, or "".
func referenceURI(reference string) string {
	if number, ok := strings.CutPrefix(reference, "CWE-"); ok && isDigits(number) {
		return "https://cwe.mitre.org/data/definitions/" + number + ".html"
	}
	if rest, ok := strings.CutPrefix(reference, "RFC"); ok {
		number, _, _ := strings.Cut(rest, "-")
		if isDigits(number) {
			return "https://www.rfc-editor.org/rfc/rfc" + number
		}
	}
	if i, ok := taxonomyOf(reference); ok {
		return taxonomies()[i].uri
	}
	return ""
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// sarifReferences returns references into the taxonomies; those that point into none are left out.
func sarifReferences(references []string) []sarifDescriptorReference {
	var targets []sarifDescriptorReference
	for _, reference := range references {
		if i, ok := taxonomyOf(reference); ok {
			targets = append(targets, sarifDescriptorReference{
				ID: reference, ToolComponent: &sarifComponentName{Name: taxonomies()[i].name, Index: i},
			})
		}
	}
	return targets
}

// sarifRules returns the rules of a report.
func sarifRules() []sarifDescriptor {
	rules := make([]sarifDescriptor, 0, len(kinds()))
	for _, k := range kinds() {
		rule := sarifDescriptor{
			ID: k.id, Name: k.name, ShortDescription: &sarifText{Text: k.title + "."}, FullDescription: &sarifText{Text: k.why},
			Help: k.help(), HelpURI: homepage + "#rules", DefaultConfiguration: &sarifConfiguration{Level: k.level},
			Properties: map[string]any{
				"tags": k.tags(), "precision": "very-high", "security-severity": k.security,
			},
		}
		for _, target := range sarifReferences(k.references) {
			rule.Relationships = append(rule.Relationships, sarifRelationship{Target: target, Kinds: []string{"relevant"}})
		}
		rules = append(rules, rule)
	}
	return rules
}

func (k kind) help() *sarifText {
	var markdown strings.Builder
	fmt.Fprintf(&markdown, "# %s\n\n%s\n\n## What to do\n\n%s\n\n## References\n\n", k.title, k.why, k.remedy)
	for _, reference := range k.references {
		fmt.Fprintf(&markdown, "- [%s](%s)\n", reference, referenceURI(reference))
	}
	return &sarifText{
		Text:     fmt.Sprintf("%s\n\nWhat to do: %s\n\nReferences: %s", k.why, k.remedy, strings.Join(k.references, ", ")),
		Markdown: markdown.String(),
	}
}

// tags are what consumers group rules by; GitHub reads weaknesses from those that begin with external/cwe.
func (k kind) tags() []string {
	tags := []string{"security", "secret", "jwt"}
	for _, reference := range k.references {
		if strings.HasPrefix(reference, "CWE-") {
			tags = append(tags, "external/cwe/"+strings.ToLower(reference))
		}
	}
	return tags
}
