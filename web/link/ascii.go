package link

import "strings"

// Characters of a fragment.
const (
	numerals = "0123456789"
	upper    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lower    = "abcdefghijklmnopqrstuvwxyz"
)

// only tells whether text is made of some characters, of one at least.
func only(text, among string) bool { return text != "" && strings.Trim(text, among) == "" }
