package server

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/smtp"
)

// A Place is where the server says something. A policy may have words of its
// own for it (Policy.Replies), for all mechanisms or, behind a space, for one:
// "success LOGIN".
//
// Words are reply lines as on the wire, LF between them. A last line "-- close"
// ends the session behind them; alone, without a word. In braces stand what
// changes: {host} {client} {verb} {mechanism} {arg} {initial} {response} {line} {path} {auth}
// {from} {user} {date} {until} (60 days later), {domain} and {pathdomain} (of
// {user} and {path}), {id} and {hex} (random), {byte} (where base64 breaks),
// {parts} (fields of PLAIN).
type Place string

// HangUp is the line that ends a session.
const HangUp = "-- close"

// places are those that no rule has.
var places = []Place{"greeting", "ehlo", "helo", "starttls", "success", "credentials", "malformed", "authzid", "empty",
	"cancel", "base64-initial", "base64-response", "base64-padding", "response-too-long", "temporary", "transition", "plain-prompt", "empty-response", "mail", "rcpt", "data",
	"message", "message-refused", "message-not-kept", "challenge", "rset", "noop", "vrfy", "help", "quit", "too-many-errors", "too-many-failures", "pipelining", "idle", "stop"}

// Places are all of them.
func Places() []Place {
	all := append([]Place(nil), places...)
	add := func(rules []Rule) {
		for _, r := range rules {
			all = append(all, r.Place)
		}
	}
	add(before)
	for _, tables := range []map[smtp.Verb][]Rule{odd, refusals} {
		for _, rules := range tables {
			add(rules)
		}
	}
	return all
}

// CheckWords reports what is wrong with words for a place.
func CheckWords(p Place, words string) error {
	name, _, _ := strings.Cut(string(p), " ")
	if !slices.Contains(Places(), Place(name)) {
		return fmt.Errorf("%q is no place", p)
	}
	lines := strings.Split(words, "\n")
	for i, line := range lines {
		code, err := strconv.Atoi(line[:min(3, len(line))])
		end := line == HangUp && i == len(lines)-1
		if !end && (err != nil || code < 200 || code > 599 || len(line) > smtp.MaxReplyLine || strings.ContainsAny(line, "\r\x00")) {
			return fmt.Errorf("%s: %q is no reply", p, line)
		}
	}
	return nil
}

// worded is what the server says at a place instead of reply. Silent, it says
// nothing; closing, it ends the session.
func (s *Server) worded(p Place, reply smtp.Reply) (said smtp.Reply, own, silent, closing bool) {
	words, own := s.words(p)
	if !own {
		return reply, false, false, false
	}
	if words, closing = strings.CutSuffix(words, HangUp); closing {
		words = strings.TrimSuffix(words, "\n")
	}
	if closing && p != "quit" && !strings.HasPrefix(words, "421") {
		s.quirks.Note(quirk.HangsUp)
	}
	if words == "" {
		return reply, true, true, closing
	}
	said = parseReply(s.fill(words))
	if said.Code != reply.Code && said.Code != 421 && !p.takes(said.Code) {
		s.quirks.Note(quirk.OtherCode)
		s.asked = &Asked{p, reply.Code, reply.Enhanced}
	}
	return said, true, false, closing
}

// words are the server's own at a place.
func (s *Server) words(p Place) (words string, own bool) {
	if len(s.policy.Replies) == 0 {
		return "", false
	}
	if words, own = s.policy.Replies[p+" "+Place(s.mechanism())]; !own {
		words, own = s.policy.Replies[p]
	}
	return words, own
}

// takes reports whether a code does as well there as the rule's own: the RFCs
// leave it open, or a quirk alone leads there.
func (p Place) takes(code int) bool {
	switch p {
	case "greeting", "success", "mail", "rcpt", "data", "message": // whoever runs it may refuse (RFC 5321 §7.8)
		return code >= 400
	case "auth-not-offered", "relay-denied", "sender-not-owned", "user-unknown", "temporary", "empty", "empty-response",
		"equals-sign", "plain-needs-initial", "auth-mechanism-case", "ehlo-twice", "pipelining":
		return true
	case "auth-needs-tls":
		return code == 503 || code == 523 || code == 530 || code == 538 // 523: RFC 5248
	case "data-before-rcpt":
		return code == 554
	case "malformed":
		return code == 501
	case "unknown-command", "not-implemented":
		return code == 500 || code == 502
	}
	return false
}

// hasWords reports whether there are words of the server's own at a place.
func (s *Server) hasWords(p Place) bool {
	words, _ := s.words(p)
	return words != ""
}

// mechanism is the one that the last AUTH named.
func (s *Server) mechanism() string { return cmp.Or(s.state.Mechanism, s.last.cmd.Mechanism) }

// parseReply reads lines as on the wire. An enhanced status code is taken off
// where all of them have it.
func parseReply(words string) smtp.Reply {
	lines := strings.Split(words, "\n")
	r := smtp.Reply{}
	r.Code, _ = strconv.Atoi(words[:min(3, len(words))])
	for i, l := range lines {
		lines[i] = l[min(4, len(l)):]
	}
	first, _, coded := smtp.ParseEnhanced(lines[0])
	for _, l := range lines {
		e, _, ok := smtp.ParseEnhanced(l)
		coded = coded && ok && e == first && e[0] == r.Class()
	}
	if coded {
		r.Enhanced = first
		for i, l := range lines {
			_, lines[i], _ = smtp.ParseEnhanced(l)
		}
	}
	r.Lines = lines
	return r
}

// fill puts in what changes.
func (s *Server) fill(words string) string {
	if !strings.ContainsRune(words, '{') {
		return words
	}
	q := s.last
	typed := q.cmd.Arg
	if f := strings.Fields(typed); q.cmd.Verb == smtp.AUTH && len(f) > 0 {
		typed = f[0]
	}
	id, six := "", ""
	if strings.Contains(words, "{id}") {
		id = s.random(16)
	}
	if strings.Contains(words, "{hex}") {
		six = strings.ToUpper(s.random(3))
	}
	auth, _ := q.cmd.Param("AUTH")
	return strings.NewReplacer(
		"{auth}", auth.Value,
		"{host}", s.policy.Host, "{client}", s.state.Domain, "{verb}", string(q.cmd.Verb), "{mechanism}", typed,
		"{arg}", q.cmd.Arg, "{initial}", strings.TrimPrefix(strings.TrimPrefix(q.cmd.Arg, typed), " "), "{line}", string(q.line.Octets),
		"{path}", q.cmd.Path.String(), "{from}", s.envelope.ReversePath.String(), "{user}", s.state.Authcid,
		"{domain}", s.state.Authcid[strings.LastIndexByte(s.state.Authcid, '@')+1:], "{pathdomain}", q.cmd.Path.Domain,
		"{date}", s.env.Now().Format("Mon, 2 Jan 2006 15:04:05 MST"), "{response}", string(s.text), "{until}", s.env.Now().AddDate(0, 0, 60).Format("2006-01-02T15:04:05Z"),
		"{id}", id, "{hex}", six,
		"{byte}", strconv.Itoa(breaksAt(s.text)), "{parts}", strconv.Itoa(s.parts),
	).Replace(words)
}

// random is as many octets of the source, in hexadecimal digits.
func (s *Server) random(octets int) string {
	b := make([]byte, octets)
	io.ReadFull(s.env.Rand, b) // the source never ends (Env)
	return hex.EncodeToString(b)
}

// breaksAt is the octet at which text stops being base64.
func breaksAt(text []byte) int {
	_, err := base64.StdEncoding.DecodeString(string(text))
	var at base64.CorruptInputError
	errors.As(err, &at)
	return int(at)
}

// leave ends the session behind what was said.
func (s *Server) leave() {
	if s.state.Phase != Closed {
		s.end(OnHangUp)
	}
}
