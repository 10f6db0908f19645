package view

import (
	"slices"
	"strings"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/smtp"
)

// listing tells whether a frame is the reply to EHLO, whose lines after the
// first are keywords.
func listing(f *session.Frame) bool {
	return code(f) == 250 && slices.ContainsFunc(f.Server, func(e server.Event) bool { return e.Kind == machine.Said && e.Rule == listed })
}

// listed is the rule behind the reply to EHLO.
var listed = func() machine.RuleID {
	i := slices.IndexFunc(server.Moves, func(m server.Move) bool { return m.On == string(smtp.EHLO) })
	return machine.RuleID{ID: server.Moves[i].ID, Section: server.Moves[i].Section}
}()

// offer cuts a line of the reply to EHLO: a keyword and its parameters, which
// for AUTH, and for Exchange's X-EXPS, are mechanisms, behind a space or "=".
func offer(text string) Line {
	keyword, params, more := strings.Cut(text, " ")
	head, first, old := strings.Cut(keyword, "=")
	if lists := strings.EqualFold(head, string(smtp.AUTH)) || strings.EqualFold(head, "X-EXPS"); !lists {
		if more {
			return Line{{Keyword, keyword}, {Plain, " " + params}}
		}
		return Line{{Keyword, keyword}}
	}
	line := Line{{Keyword, head}}
	if old {
		line[0].Text += "="
	}
	if first != "" {
		line = append(line, Run{Mech, first})
	}
	if more {
		for mechanism := range strings.SplitSeq(params, " ") {
			line = append(line, Run{Plain, " "}, Run{Mech, mechanism})
		}
	}
	return line
}

// arguments cuts what follows the verb of a command: the mechanism of AUTH, the
// parameters behind the path of MAIL and RCPT.
func arguments(verb, text string) Line {
	switch smtp.Verb(strings.ToUpper(verb)) {
	case smtp.AUTH:
		if typed, found := strings.CutPrefix(text, " "); found {
			name, _, _ := strings.Cut(typed, " ")
			return append(Line{{Plain, " "}, {Mech, name}}, Text([]byte(typed[len(name):]))...)
		}
	case smtp.MAIL, smtp.RCPT:
		if at := strings.Index(text, "> "); at >= 0 {
			return append(Text([]byte(text[:at+1])), parameters(text[at+2:])...)
		}
	}
	return Text([]byte(text))
}

// parameters cuts those of MAIL or RCPT: NAME, or NAME=VALUE.
func parameters(text string) (line Line) {
	for param := range strings.SplitSeq(text, " ") {
		name, _, _ := strings.Cut(param, "=")
		line = append(line, Run{Plain, " "}, Run{Param, name})
		line = append(line, Text([]byte(param[len(name):]))...)
	}
	return line
}
