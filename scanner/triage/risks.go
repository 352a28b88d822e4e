package triage

import (
	"math/bits"
	"slices"
	"strings"
	"sync"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// riskSet is a set of risks, a bit each.
type riskSet uint32

func (r riskSet) with(code riskCode, is bool) riskSet {
	if is {
		r |= 1 << code
	}
	return r
}

// list returns the entries of the table, in its order, which is worst first. Nobody may change it: findings with the same
// risks share one.
func (r riskSet) list() []finding.Risk {
	switch {
	case r == 0:
		return nil
	case r&^commonRisks == 0:
		return commonLists()[r.common()]
	}
	return r.entries(make([]finding.Risk, 0, bits.OnesCount32(uint32(r))))
}

// entries appends the entries of the table to risks.
func (r riskSet) entries(risks []finding.Risk) []finding.Risk {
	for rest := r; rest != 0; rest &= rest - 1 {
		risks = append(risks, toldRisks[bits.TrailingZeros32(uint32(rest))])
	}
	return risks
}

// The risks that most tokens have, of which every list is made once: the last five of the table, and three more.
const (
	lastRisks   riskSet = 1<<riskSeveralAudiences | 1<<riskNoAudience | 1<<riskNoIssuer | 1<<riskNoTokenID | 1<<riskSymmetricKey
	commonRisks         = lastRisks | 1<<riskNoExpiry | 1<<riskLongLived | 1<<riskPersonalData
	commonCount         = 1 << 8 // sets of these eight
)

// common numbers a set of common risks.
func (r riskSet) common() int {
	return int(r>>riskSeveralAudiences | r>>riskNoExpiry&1<<5 | r>>riskLongLived&1<<6 | r>>riskPersonalData&1<<7)
}

// commonLists are the lists of the sets of common risks, by number.
var commonLists = sync.OnceValue(func() *[commonCount][]finding.Risk {
	var lists [commonCount][]finding.Risk
	all := make([]finding.Risk, 0, commonCount*4) // each of eight risks is in half of the sets
	for number := range commonCount {
		set := riskSet(number) & 31 << riskSeveralAudiences
		set = set.with(riskNoExpiry, number>>5&1 == 1).with(riskLongLived, number>>6&1 == 1).with(riskPersonalData, number>>7 == 1)
		begin := len(all)
		all = set.entries(all)
		lists[number] = slices.Clip(all[begin:])
	}
	return &lists
})

// toldRisks are the risks as findings carry them, by code. All findings share their references, which nobody may change.
var toldRisks = func() (told [riskCount]finding.Risk) {
	for code := range riskCount {
		rule := code.rule()
		told[code] = finding.Risk{ID: rule.ID, Title: rule.Title, Severity: rule.Severity, References: slices.Clip(rule.References)}
	}
	return told
}()

// grave reports whether there is a high risk other than no-expiry, which status says already.
func (r riskSet) grave() bool {
	return r&(1<<riskAlgNone|1<<riskBroadScope|1<<riskPublishedKey|1<<riskRefreshToken|1<<riskDuplicateClaim) != 0
}

// credentialRisks are those of a token that lets somebody in. What opens nothing has no expiry, audience or issuer where its
// specification asks for none: a DPoP proof has none of them (RFC 9449, section 4.2), and a security event is advised to have no
// exp (RFC 8417, section 2.2).
const credentialRisks riskSet = 1<<riskNoExpiry | 1<<riskLongLived | 1<<riskWildcardAudience | 1<<riskSeveralAudiences |
	1<<riskNoAudience | 1<<riskNoIssuer | 1<<riskNoTokenID

// risks finds what is true of the token by itself. Of an encrypted one only the header can be judged.
func (j Judge) risks(s *survey, scopes []string) riskSet {
	var r riskSet
	r = r.with(riskAlgNone, strings.EqualFold(s.Algorithm, "none"))
	r = r.with(riskKeyInHeader, s.has(markKeyInHeader))
	r = r.with(riskSymmetricKey, isHMAC(s.Algorithm))
	r = r.with(riskDuplicateClaim, len(s.Repeated)+len(s.RepeatedHeader) > 0)
	if s.Claims == nil {
		return r
	}
	_, isBroad := broad(scopes)
	r = r.with(riskBroadScope, isBroad)
	r = r.with(riskNoExpiry, s.ExpiresAt.Form == jwt.DateAbsent || s.ExpiresAt.Form == jwt.DateNever)
	r = r.with(riskLongLived, j.longLived(s.Token))
	r = r.with(riskMillisecondExpiry, s.ExpiresAt.Form == jwt.DateMilliseconds)
	r = r.with(riskMalformedTime, malformedTime(s.Token))
	r = r.with(riskPersonalData, s.tells || isPersonalAddress(s.Subject))
	r = r.with(riskNoAudience, len(s.Audience) == 0)
	r = r.with(riskSeveralAudiences, several(s.Audience))
	r = r.with(riskWildcardAudience, wildcard(s.Audience))
	r = r.with(riskNoIssuer, s.Issuer == "")
	r = r.with(riskNoTokenID, s.ID == "")
	return r
}

// longLived compares the lifetime with the limit. Where the token doesn't say when it began, the time it has left will
// do: it lives at least that long.
func (j Judge) longLived(t *jwt.Token) bool {
	limit := j.MaxLifetime
	if limit <= 0 {
		limit = DefaultMaxLifetime
	}
	if t.ExpiresAt.Form == jwt.DateMilliseconds {
		return true // read as the seconds that RFC 7519 says it is, it lives for tens of thousands of years
	}
	if !t.ExpiresAt.Known() {
		return false
	}
	if life, ok := lifetime(t); ok {
		return life > limit
	}
	return t.ExpiresAt.Time.Sub(j.At) > limit
}

// lastYear is when 9999 begins, the last year that RFC 3339 can write; dates beyond are decoded as its end.
const lastYear = 253_370_764_800

// malformedTime reports whether a date is not the number of seconds that it should be (RFC 7519, section 2), or the
// dates leave no time in which the token could be used.
func malformedTime(t *jwt.Token) bool {
	for _, date := range [...]jwt.NumericDate{t.IssuedAt, t.NotBefore, t.ExpiresAt} {
		switch date.Form {
		case jwt.DateMilliseconds, jwt.DateString, jwt.DateUnreadable, jwt.DateNever:
			return true
		case jwt.DateAbsent, jwt.DateSeconds:
			if date.Time.Unix() >= lastYear || date.Form == jwt.DateSeconds && date.Time.Unix() < 0 {
				return true // some other unit, a wish to never expire, or a mistake
			}
		}
	}
	if t.Unclear("exp") || t.Unclear("nbf") || t.Unclear("iat") {
		return true
	}
	if !t.ExpiresAt.Known() {
		return false
	}
	return t.NotBefore.Known() && !t.NotBefore.Time.Before(t.ExpiresAt.Time) ||
		t.IssuedAt.Known() && t.IssuedAt.Time.After(t.ExpiresAt.Time)
}

func isHMAC(algorithm string) bool {
	switch algorithm {
	case "HS256", "HS384", "HS512", "HS1":
		return true
	}
	return false
}

// several reports whether more than one audience is named.
func several(audience []string) bool {
	for _, name := range audience {
		if name != audience[0] {
			return true
		}
	}
	return false
}

func wildcard(audience []string) bool {
	for _, name := range audience {
		if strings.IndexByte(name, '*') >= 0 {
			return true
		}
	}
	return false
}

// tellsOfPerson reports whether a claim, marked so by its name, holds something of a person: one of those that OpenID
// Connect Core, section 5.1, or a common habit has for it, at the top or in an object for the user. The address of a service
// account is no person's.
func tellsOfPerson(name string, mark marks, value any) bool {
	if mark&markPrivate != 0 {
		mark = nameOf(lastPart(name)).marks
	}
	if mark&markPersonal != 0 && holdsPersonal(value) {
		return true
	}
	object, ok := value.(map[string]any)
	return ok && mark&markUser != 0 && objectTellsOfPerson(object)
}

func objectTellsOfPerson(object map[string]any) bool {
	for name, value := range object {
		if nameOf(name).marks&markPersonal != 0 && holdsPersonal(value) {
			return true
		}
	}
	return false
}

// holdsPersonal reports whether the value of a personal claim says anything.
func holdsPersonal(value any) bool {
	switch value := value.(type) {
	case string:
		return value != "" && !isServiceAddress(value)
	case []any:
		for _, element := range value {
			if text, ok := element.(string); ok && holdsPersonal(text) {
				return true
			}
		}
		return false
	case map[string]any:
		for _, element := range value {
			if text, ok := element.(string); ok && text != "" {
				return true
			}
		}
		return false
	}
	return false
}

// isServiceAddress knows the mail addresses and user names that workloads have.
func isServiceAddress(address string) bool {
	return strings.HasSuffix(address, ".gserviceaccount.com") || strings.HasPrefix(address, "service-account-") ||
		strings.HasPrefix(address, "system:")
}

func isPersonalAddress(subject string) bool {
	at := strings.IndexByte(subject, '@')
	return at > 0 && at < len(subject)-3 && strings.IndexByte(subject[at:], '.') > 1 &&
		!strings.ContainsAny(subject, "/:| ") && !isServiceAddress(subject) && !strings.HasSuffix(subject, "@clients")
}
