package sasl

import "strings"

// Mechanisms are in the order a careful client prefers: what keeps the
// password off the wire first (AUTH-38), PLAIN before LOGIN, which does the
// same with more messages and no standard (LOG-08).
var Mechanisms = []Mechanism{cramMD5, plain, login}

// Lookup finds a mechanism by its name in any case (RFC 4954 §8).
func Lookup(name string) (Mechanism, bool) {
	for _, m := range Mechanisms {
		// Equal lengths keep out the longer letters that fold to ASCII ones.
		if len(m.Name) == len(name) && strings.EqualFold(m.Name, name) {
			return m, true
		}
	}
	return Mechanism{}, false
}
