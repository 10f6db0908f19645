package replay

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
)

// ToClient plays what the recorded server said to a client of the plan and
// compares its lines and how it ended, as one answer: a session is the same or
// it is not. Names, credentials, addresses, nonces and an order that is no
// order are those of the recording.
func ToClient(r *Recording, p client.Plan) Result {
	t := &toClient{client: client.New(pinned(r, p), environment()), late: -1}
	t.step(machine.Input{Kind: machine.Connected, Channel: channel(p.TLS == client.Implicit)})
	recorded, last := []string{}, ""
	body := false
	for _, l := range r.Lines {
		text := string(l.Octets)
		switch l.Who {
		case Server:
			if strings.HasPrefix(text, "421") && t.late < 0 {
				t.late = len(recorded)
			}
			body = body || strings.HasPrefix(text, "354")
			t.step(machine.Input{Kind: machine.Octets, Octets: append(bytes.Clone(l.Octets), l.End...)})
		case Client:
			if body && text != "." { // the message is not what is compared
				continue
			}
			body = false
			recorded, last = append(recorded, text), text
		case Event:
			switch {
			case strings.HasPrefix(text, tlsDone) && t.client.State().Phase == client.Handshake:
				t.step(machine.Input{Kind: machine.Secured, Channel: channel(true)})
			case strings.HasPrefix(text, closedByServer):
				t.step(machine.Input{Kind: machine.PeerClosed})
			}
		}
	}
	return t.result(recorded, strings.EqualFold(last, "QUIT"))
}

// toClient is one replay.
type toClient struct {
	client *client.Client
	said   []string
	late   int // how many lines had been said when the server announced its end; -1: it did not
}

func (t *toClient) step(in machine.Input) {
	for _, e := range t.client.Step(in) {
		switch {
		case e.Kind == machine.Said && e.On == machine.OnMessage:
			t.said = append(t.said, ".")
		case e.Kind == machine.Said:
			t.said = append(t.said, strings.TrimSuffix(string(e.Octets), "\r\n"))
		}
	}
}

// result compares the lines. Behind a recording's last line of the client
// nothing was said, but for a QUIT that nobody waited for any more.
func (t *toClient) result(recorded []string, quit bool) Result {
	result := Result{Compared: 1, Codes: 1, Texts: 1}
	ours := t.said
	if len(ours) > len(recorded) && t.late >= 0 && t.late <= len(recorded) {
		ours = ours[:len(recorded)] // said to a connection that the server was closing
	}
	if !quit && len(ours) == len(recorded)+1 && strings.EqualFold(ours[len(ours)-1], "QUIT") && t.client.State().Phase == client.Closed {
		ours = ours[:len(recorded)]
	}
	for i := range max(len(recorded), len(ours)) {
		want, got := "(nothing)", "(nothing)"
		if i < len(recorded) {
			want = recorded[i]
		}
		if i < len(ours) {
			got = ours[i]
		}
		if !sameLine(want, got) {
			result.Codes, result.Texts = 0, 0
			result.Differences = []Difference{{i, want, got, true}}
			break
		}
	}
	return result
}

var (
	sizeOf   = regexp.MustCompile(`SIZE=\d+`)
	digestIs = regexp.MustCompile(`response=[0-9a-f]{32}`)
)

// sameLine compares lines of a client: but for the size of a message that is
// not compared, and for the order of DIGEST-MD5's directives.
func sameLine(recorded, ours string) bool {
	a, b := sizeOf.ReplaceAllString(recorded, ""), sizeOf.ReplaceAllString(ours, "")
	if a == b {
		return true
	}
	x, y := digestIs.FindString(decoded(a)), digestIs.FindString(decoded(b))
	return x != "" && x == y
}

// pinned is p with what the recording pins.
func pinned(r *Recording, p client.Plan) client.Plan {
	var auth pins
	var order []string
	stop, asked, name, secret := false, 0, p.User.Authcid, ""
	mail := client.Mail{From: "tim@example.org", To: []string{"friend@example.net"}, Text: "Subject: hi\r\n\r\nhello\r\n"}
	accepted, data := false, false
	asked334 := false
	for i, l := range r.Lines {
		text := string(l.Octets)
		if l.Who == Server {
			asked334 = strings.HasPrefix(text, "334")
		}
		if l.Who == Server && strings.HasPrefix(text, "250") && i > 0 && rcptAt.MatchString(string(r.Lines[i-1].Octets)) {
			accepted = true
		}
		if l.Who != Client {
			continue
		}
		word, rest, _ := strings.Cut(text, " ")
		switch strings.ToUpper(word) {
		case "EHLO", "HELO":
			p.Name = rest
		case "AUTH":
			auth.hear(l.Octets)
			asked = 0
			if !slices.Contains(order, auth.mechanism) {
				order = append(order, auth.mechanism)
			}
		case "DATA":
			data = true
		default:
			auth.said = nil
			if asked334 {
				auth.hear(l.Octets)
			}
		}
		if m := fromAt.FindStringSubmatch(text); m != nil {
			mail.From = m[1]
		}
		if m := rcptAt.FindStringSubmatch(text); m != nil {
			mail.To = []string{m[1]}
		}
		said := string(auth.said)
		fields := strings.Split(said, "\x00")
		switch {
		case auth.mechanism == "PLAIN" && len(fields) == 3:
			name, secret = fields[1], fields[2]
		case auth.mechanism == "LOGIN" && said != "":
			if asked++; asked == 1 {
				name = said
			} else if asked == 2 {
				secret = said
			}
		case auth.mechanism == "CRAM-MD5" && said != "":
			name, _, _ = strings.Cut(said, " ")
		case strings.HasPrefix(auth.mechanism, "SCRAM-") && clientR.MatchString(said) && p.Nonce == "":
			p.Nonce = first(clientR, auth.said)
		case auth.mechanism == "DIGEST-MD5" && cnonceOf.MatchString(said):
			p.Nonce, p.Host = first(cnonceOf, auth.said), first(uriOf, auth.said)
		}
	}
	stop = accepted && !data
	if p.User.Authcid = name; secret == "" {
		secret = guessed(r)
	}
	p.User.Password = sasl.Secret{Text: secret}
	if p.Mail != nil {
		mail.Stop = stop
		p.Mail = &mail
	}
	if p.Quirks.Has(quirk.AnyOrder) {
		p.Quirks = slices.DeleteFunc(slices.Clone(p.Quirks), func(n quirk.Name) bool { return n == quirk.AnyOrder })
		rest := slices.DeleteFunc(slices.Clone(p.Mechanisms), func(m string) bool { return slices.Contains(order, m) })
		p.Mechanisms = append(slices.DeleteFunc(order, func(m string) bool { return !slices.Contains(p.Mechanisms, m) }), rest...)
	}
	return p
}

var (
	fromAt   = regexp.MustCompile(`(?i)^MAIL FROM:<([^>]*)>`)
	rcptAt   = regexp.MustCompile(`(?i)^RCPT TO:<([^>]*)>`)
	cnonceOf = regexp.MustCompile(`cnonce="([^"]*)"`)
	uriOf    = regexp.MustCompile(`digest-uri="smtp/([^"/]*)"`)
)

// guessed is the password of a recording that does not show it: the wrong one
// where a real server refused a response, else that of all recordings.
func guessed(r *Recording) string {
	if d := r.Header["server-dialect"]; d == "scripted" || d == "none" {
		return password
	}
	secret := password
	if strings.HasPrefix(r.Header["server-dialect"], "mox-") {
		secret = "moxmoxmox"
	}
	for _, l := range r.Lines {
		if l.Who == Server && bytes.HasPrefix(l.Octets, []byte("535")) {
			secret = "wrong"
		}
		if l.Who == Server && bytes.HasPrefix(l.Octets, []byte("235")) {
			return secret
		}
	}
	return secret
}
