package smtp

import "strings"

// A Param is one ESMTP parameter of MAIL or RCPT, RFC 5321 §4.1.2: SMTPUTF8,
// SIZE=1000.
type Param struct {
	Name     string // upper case
	Value    string // as typed, never empty where HasValue
	HasValue bool
}

// Param returns the first parameter of a name, which is given in upper case.
func (c Command) Param(name string) (Param, bool) {
	for _, p := range c.Params {
		if p.Name == name {
			return p, true
		}
	}
	return Param{}, false
}

// parseParams reads parameters with one space between them, up to the first
// that is out of order.
func parseParams(s string) (params []Param, ok bool) {
	for word := range strings.SplitSeq(s, " ") {
		name, value, has := strings.Cut(word, "=")
		if !isKeyword(name) || has && !isParamValue(value) {
			return params, false
		}
		params = append(params, Param{upper(name), value, has})
	}
	return params, true
}

// isParamValue follows esmtp-value, widened by RFC 6531 §3.3.
func isParamValue(s string) bool {
	for _, r := range s {
		if r <= ' ' || r == '=' || r == 0x7f || r > 0x7f && !isUTF8NonASCII(r) {
			return false
		}
	}
	return s != ""
}
