package smtp

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ValidDomain reports whether s is a domain or an address literal, as EHLO
// takes it (RFC 5321 §4.1.1.1): client.example.org, [192.0.2.1],
// [IPv6:2001:db8::1].
func ValidDomain(s string) bool {
	return isASCII(s) && len(s) <= MaxDomain && (isDomain(s) || isLiteral(s))
}

// isDomain follows Domain, RFC 5321 §4.1.2: labels of letters, digits and inner
// hyphens. Letters of other scripts are taken too (U-label, RFC 6531 §3.3);
// the caller knows whether they may stand there.
func isDomain(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if !isLabel(label) {
			return false
		}
	}
	return true
}

func isLabel(s string) bool {
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			if !isLetDig(byte(r)) && r != '-' {
				return false
			}
		case !unicode.In(r, unicode.L, unicode.M, unicode.N):
			return false
		}
	}
	return s != "" && s[0] != '-' && s[len(s)-1] != '-'
}

// isLiteral follows address-literal, RFC 5321 §4.1.3. A tag other than IPv6 is
// checked for its form only: none is registered.
func isLiteral(s string) bool {
	if len(s) < 2 || s[0] != '[' || s[len(s)-1] != ']' {
		return false
	}
	s = s[1 : len(s)-1]
	tag, content, tagged := strings.Cut(s, ":")
	switch {
	case !tagged:
		a, err := netip.ParseAddr(s)
		return err == nil && a.Is4()
	case equalFold(tag, "IPv6"):
		a, err := netip.ParseAddr(content)
		return err == nil && a.Is6() && a.Zone() == ""
	}
	return isTag(tag) && isContent(content)
}

// isTag follows Standardized-tag, an Ldh-str.
func isTag(s string) bool {
	for i := range len(s) {
		if !isLetDig(s[i]) && s[i] != '-' {
			return false
		}
	}
	return s != "" && s[len(s)-1] != '-'
}

// isContent follows 1*dcontent.
func isContent(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < '!' || c > '~' || '[' <= c && c <= ']' {
			return false
		}
	}
	return s != ""
}
