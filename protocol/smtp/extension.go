package smtp

import "strings"

// An Extension is one line of an EHLO reply after the first, RFC 5321 §4.1.1.1.
type Extension struct {
	Keyword string `json:"keyword"` // upper case
	Params  string `json:"params,omitempty"`
	Legacy  bool   `json:"legacy,omitempty"` // written "AUTH=LOGIN PLAIN" (AUTH-04)
}

// ParseExtensions reads the lines of an EHLO reply after the first. A line that
// does not start with a keyword is left out (REP-13); no list of keywords is
// known here.
func ParseExtensions(lines []string) []Extension {
	const old = "AUTH="
	var list []Extension
	for _, line := range lines {
		keyword, params, _ := strings.Cut(strings.Trim(line, " \t"), " ")
		x := Extension{Keyword: upper(keyword), Params: strings.Trim(params, " \t")}
		if strings.HasPrefix(x.Keyword, old) {
			x.Params = strings.TrimRight(keyword[len(old):]+" "+x.Params, " ")
			x.Keyword, x.Legacy = "AUTH", true
		}
		if isKeyword(x.Keyword) {
			list = append(list, x)
		}
	}
	return list
}
