package smtp

import "strings"

// A Verb is the first word of a command line, in upper case.
type Verb string

const (
	EHLO     Verb = "EHLO"
	HELO     Verb = "HELO"
	STARTTLS Verb = "STARTTLS"
	AUTH     Verb = "AUTH"
	MAIL     Verb = "MAIL"
	RCPT     Verb = "RCPT"
	DATA     Verb = "DATA"
	RSET     Verb = "RSET"
	NOOP     Verb = "NOOP"
	VRFY     Verb = "VRFY"
	EXPN     Verb = "EXPN"
	HELP     Verb = "HELP"
	QUIT     Verb = "QUIT"
	BDAT     Verb = "BDAT" // its arguments are not taken apart
)

// Known reports whether v is one of the constants.
func (v Verb) Known() bool {
	switch v {
	case EHLO, HELO, STARTTLS, AUTH, MAIL, RCPT, DATA, RSET, NOOP, VRFY, EXPN, HELP, QUIT, BDAT:
		return true
	}
	return false
}

// A Command is one command line taken apart. What could not be read stays zero.
type Command struct {
	Verb      Verb    // upper case; "" where the line has none
	Known     bool    // Verb is one of the constants
	Arg       string  // as typed after the verb and one space, trailing white space cut (CMD-03)
	Domain    string  // EHLO, HELO: domain or address literal
	Path      Path    // MAIL: reverse-path; RCPT: forward-path
	Params    []Param // MAIL, RCPT: ESMTP parameters in order
	Mechanism string  // AUTH: upper case
	Initial   Initial // AUTH: the initial response as typed
}

// An Initial is the initial response of an AUTH line. Absent and empty are
// different things (RFC 4954 §4).
type Initial struct {
	Present bool
	Text    string // base64, or "=" for a response that is present and empty
}

// InitialAt is where the initial response begins in the line, in octets.
func (c *Command) InitialAt() int { return len(c.Verb) + len(" ") + len(c.Mechanism) + len(" ") }

// ParseCommand takes a line apart, given without its CR LF. It always returns
// what it could read; an error is a *SyntaxError. A verb that it does not know
// is no error. Letters outside ASCII break CMD-07, in MAIL and RCPT UTF-01,
// and there the line is read all the same.
func ParseCommand(line []byte) (Command, error) { return ParseCommandUTF8(line, false) }

// ParseCommandUTF8 is ParseCommand; with utf8, MAIL, RCPT, VRFY and EXPN may
// have letters outside ASCII (RFC 6531 §3.3 and §3.7.4.2).
func ParseCommandUTF8(line []byte, utf8 bool) (Command, error) {
	for len(line) > 0 && (line[len(line)-1] == ' ' || line[len(line)-1] == '\t') {
		line = line[:len(line)-1]
	}
	if len(line) == 0 {
		return Command{}, broken("CMD-23")
	}
	text := string(line)
	verb, arg, _ := strings.Cut(text, " ")
	c := Command{Verb: Verb(upper(verb)), Arg: arg}
	c.Known = c.Verb.Known()

	foreign := !isASCII(text)
	switch path := c.Verb == MAIL || c.Verb == RCPT; {
	case !printable(text), foreign && !path && !(utf8 && (c.Verb == VRFY || c.Verb == EXPN)):
		return c, broken("CMD-07")
	case path && foreign && !utf8:
		if rule := c.readArg(); rule != "" {
			return c, broken(rule)
		}
		return c, broken("UTF-01")
	}
	if rule := c.readArg(); rule != "" {
		return c, broken(rule)
	}
	return c, nil
}

// readArg takes Arg apart and returns the rule that it breaks, if any.
func (c *Command) readArg() (rule string) {
	switch c.Verb {
	case EHLO, HELO:
		if !ValidDomain(c.Arg) {
			return "CMD-10"
		}
		c.Domain = c.Arg
	case VRFY, EXPN:
		if c.Arg == "" {
			return "CMD-10"
		}
	case DATA, RSET, QUIT:
		if c.Arg != "" {
			return "CMD-11"
		}
	case STARTTLS:
		if c.Arg != "" {
			return "TLS-02"
		}
	case AUTH:
		return c.readAuth()
	case MAIL:
		return c.readPath("FROM:", false)
	case RCPT:
		return c.readPath("TO:", true)
	}
	return ""
}

// readAuth reads mechanism [SP initial-response], RFC 4954 §8.
func (c *Command) readAuth() (rule string) {
	mechanism, text, present := strings.Cut(c.Arg, " ")
	switch {
	case mechanism == "":
		return "AUTH-07"
	case !isMechanism(mechanism):
		return "AUTH-09"
	}
	c.Mechanism = upper(mechanism)
	if strings.Contains(text, " ") {
		return "AUTH-08"
	}
	c.Initial = Initial{Present: present, Text: text}
	return ""
}

// isMechanism follows sasl-mech, RFC 4422 §3.1, in any case (AUTH-03).
func isMechanism(s string) bool {
	for i := range len(s) {
		if !isLetDig(s[i]) && s[i] != '-' && s[i] != '_' {
			return false
		}
	}
	return 1 <= len(s) && len(s) <= MaxMechanism
}

// readPath reads the keyword, a path directly after its colon, and parameters
// (RFC 5321 §4.1.1.2 and §4.1.1.3).
func (c *Command) readPath(keyword string, forward bool) (rule string) {
	if len(c.Arg) < len(keyword) || !equalFold(c.Arg[:len(keyword)], keyword) {
		return "CMD-10"
	}
	p, rest, err := ParsePath(c.Arg[len(keyword):], forward)
	if fault, _ := err.(*SyntaxError); fault != nil && fault.Rule != "UTF-01" {
		return fault.Rule
	}
	c.Path = p
	if rest == "" {
		return ""
	}
	if rest[0] != ' ' {
		return "CMD-13"
	}
	params, ok := parseParams(rest[1:])
	c.Params = params
	if !ok {
		return "CMD-13"
	}
	return ""
}
