package client

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
)

// An audit follows what a client does and notes what it must never do.
type audit struct {
	plan   Plan
	faults []string

	tls      bool
	asked    bool             // something came that the client may answer
	ehlo     bool             // the last command was EHLO
	listed   []smtp.Extension // by the last EHLO reply
	departed map[string]bool  // since the last line
	said     []string         // the lines so far
	ended    bool
}

func (a *audit) fault(rule string, octets []byte) {
	a.faults = append(a.faults, fmt.Sprintf("%s: %.300q", rule, octets))
}

func (a *audit) follow(events []Event) {
	for _, e := range events {
		if a.ended {
			a.fault("after the end", e.Octets)
		}
		switch e.Kind {
		case machine.Moved:
			if e.To.TLS && !a.tls {
				a.tls, a.listed = true, nil // TLS-07
				a.asked = a.asked || e.To.Phase == Handshake
			}
		case machine.Took:
			a.asked = true
			if a.ehlo && e.Reply.Class() == 2 {
				a.listed = smtp.ParseExtensions(smtp.TextLines(e.Octets)[1:])
			}
			a.ehlo = false
		case machine.Departed:
			if a.departed == nil {
				a.departed = map[string]bool{}
			}
			a.departed[e.Rule.ID] = true
		case machine.Said:
			a.line(e)
		case machine.Ended:
			a.ended = true
		}
	}
}

// line checks one thing that was said.
func (a *audit) line(e Event) {
	if !a.asked {
		a.fault("SEQ-20", e.Octets)
	}
	a.asked = false
	if e.Rule.ID == "" {
		a.fault("no rule", e.Octets)
	}
	limit := smtp.MaxCommandLine
	switch e.On {
	case machine.OnResponse:
		limit = smtp.MaxAuthLine
	case machine.OnMessage:
		limit = smtp.MaxTextLine + 1
	}
	text, whole := bytes.CutSuffix(e.Octets, []byte("\r\n"))
	for line := range bytes.SplitSeq(text, []byte("\r\n")) {
		if !whole || len(line)+2 > limit || bytes.ContainsAny(line, "\r\n") {
			a.fault("CMD-06, CMD-02, DAT-07", e.Octets)
			break
		}
	}
	words := strings.Fields(string(text))
	switch e.On {
	case "EHLO":
		a.ehlo = true
	case "STARTTLS":
		if a.tls || !a.has("STARTTLS", "") || strings.Contains(strings.Join(a.said, " "), "STARTTLS") {
			a.fault("TLS-11", e.Octets)
		}
	case "AUTH":
		a.auth(e, words)
	case "MAIL":
		for _, param := range words[2:] {
			name, _, _ := strings.Cut(param, "=")
			if name == "BODY" {
				name = "8BITMIME"
			}
			if !a.has(name, "") {
				a.fault("CMD-19", e.Octets)
			}
		}
	}
	a.said = append(a.said, e.On)
	a.departed = nil
}

// auth checks an AUTH line: AUTH-38, AUTH-39, AUTH-37.
func (a *audit) auth(e Event, words []string) {
	m, _ := sasl.Lookup(words[1])
	listed, hidden := a.has("AUTH", words[1]), a.tls || !m.Clear
	switch {
	case !listed && !a.plan.Insist, !listed != a.departed["AUTH-39"]:
		a.fault("AUTH-39", e.Octets)
	case !hidden && !a.plan.InClear && !a.plan.Insist, !hidden != a.departed["AUTH-38"]:
		a.fault("AUTH-38", e.Octets)
	}
	if a.plan.TLS == StartTLS && !a.tls {
		a.fault("TLS-20", e.Octets)
	}
	for _, on := range a.said {
		if on == "AUTH" {
			a.fault("AUTH-37", e.Octets)
		}
	}
}

// has reports whether the last EHLO reply lists keyword, with the parameter if
// one is asked for.
func (a *audit) has(keyword, param string) bool {
	for _, x := range a.listed {
		if x.Keyword == keyword && (param == "" || slices.Contains(strings.FieldsFunc(strings.Map(upper, x.Params), blank), param)) {
			return true
		}
	}
	return false
}
