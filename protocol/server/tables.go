package server

import (
	"slices"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
)

// An Answer is a row of the tables: a rule and the reply that it makes.
type Answer struct {
	machine.RuleID
	Reply smtp.Reply
}

// Tested are the rules that may refuse a command, in the order in which they
// are tested: those for every command, then those of the verb.
func Tested(verb smtp.Verb) []Answer {
	var all []Answer
	for _, r := range slices.Concat(before, refusals[verb]) {
		all = append(all, Answer{r.RuleID, r.Reply})
	}
	return all
}

// Endings are the ways in which an AUTH exchange ends (OnResponse), or a message
// (OnMessage): the success first.
func Endings(on string) []Answer {
	list := []outcome{succeeded, refused, transition, notBase64, overlong, cancelled, trouble, unwanted}
	if on == machine.OnMessage {
		list = []outcome{nowStored, bareLineEnd, longText, overSize, noRoom, notStored}
	}
	var all []Answer
	for _, o := range list {
		all = append(all, Answer{o.RuleID, o.reply})
	}
	return all
}

// An Option is a command that a client might say now.
type Option struct {
	Verb    smtp.Verb
	Refusal *Answer // nil: it would be obeyed
}

// Options are the commands that a server of this policy would take in state s,
// and why it would refuse the others, each in its plainest form. Where no
// command is awaited there are none.
func (p *Policy) Options(s State) []Option {
	if !slices.Contains(open, s.Phase) {
		return nil
	}
	var all []Option
	for _, verb := range []smtp.Verb{smtp.EHLO, smtp.HELO, smtp.STARTTLS, smtp.AUTH, smtp.MAIL, smtp.RCPT, smtp.DATA,
		smtp.RSET, smtp.NOOP, smtp.VRFY, smtp.HELP, smtp.QUIT} {
		o := Option{Verb: verb}
		line := string(verb) + p.plainest(verb, s)
		cmd, _ := smtp.ParseCommand([]byte(line)) // it is in order
		q := &query{State: s, policy: p, store: &sasl.Store{}, line: smtp.Line{Octets: []byte(line), Length: len(line) + len("\r\n")},
			cmd: cmd, offered: p.offers(s), listed: len(p.offers(s)) > 0, envelope: &Envelope{}}
		if r, _ := refusal(q); r != nil {
			o.Refusal = &Answer{r.RuleID, r.Reply}
		}
		all = append(all, o)
	}
	return all
}

// plainest is what a command needs behind its verb, of which nothing but the
// state can be wrong.
func (p *Policy) plainest(verb smtp.Verb, s State) string {
	switch verb {
	case smtp.EHLO, smtp.HELO:
		return " client.example.net"
	case smtp.AUTH:
		for _, names := range [][]string{p.offers(s), p.AfterTLS, p.BeforeTLS} {
			if usable := known(names); len(usable) > 0 {
				return " " + usable[0]
			}
		}
		return " PLAIN"
	case smtp.MAIL:
		return " FROM:<>"
	case smtp.RCPT:
		return " TO:<postmaster>"
	case smtp.VRFY:
		return " postmaster"
	}
	return ""
}
