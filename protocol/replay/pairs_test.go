package replay

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/matrix"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/transcript"
)

// came is what a recorded session came to, as the client saw it. Of faults the
// code is known, where AUTH was refused.
func came(r *Recording) (c matrix.Cell) {
	var authenticated, asked, mail, data, sent, quit, cut bool
	refused := 0
	for _, l := range r.Lines {
		switch {
		case l.Side == transcript.None:
			c.TLS = c.TLS || l.Kind == transcript.TLS
			cut = cut || strings.HasPrefix(string(l.Octets), closedByServer)
		case l.Verb == smtp.AUTH:
			c.Mechanism, asked, refused = strings.ToUpper(string(l.Mechanism())), true, 0
		case l.Side == transcript.Client:
			quits := strings.EqualFold(string(l.Octets), "QUIT") // in an exchange too, where a server takes it for a response
			if l.Kind == transcript.Cancel || quits {
				asked = false // the client does not wait for the outcome
			}
			mail, quit = mail || l.Verb == smtp.MAIL, quit || quits
		case asked && l.Kind != transcript.Challenge:
			asked, authenticated = false, authenticated || l.Code/100 == 2
			if l.Code >= 400 {
				refused = l.Code
			}
		case l.Code == 354:
			data = true
		case data:
			sent, data = sent || l.Code/100 == 2, false
		}
	}
	switch {
	case sent && authenticated:
		c.Outcome = matrix.Sent
	case sent:
		c.Outcome = matrix.Open
	case authenticated && !mail && quit:
		c.Outcome = matrix.LoggedIn
	case authenticated:
		c.Outcome = matrix.Unsent
	case mail:
		c.Outcome = matrix.Barred
	case refused > 0:
		c.Outcome, c.Code = matrix.Refused, refused
	case cut && !quit:
		c.Outcome = matrix.Cut
	default:
		c.Outcome = matrix.GivenUp
	}
	return c
}

// otherwise are recorded pairs that come to something else in the matrix, and
// why.
var otherwise = map[string]string{
	"s_client--postfix-tls--interactive": "the person typed RCPT, and openssl took its R for an order to negotiate TLS anew",
}

// What pairs come to in the matrix is what they came to where they were
// recorded: with the recording's variant, options and message, and, where it
// has none of its own, just as the matrix has it.
func TestPairsAsRecorded(t *testing.T) {
	all := dialects(t)
	names, sessions := recordings(t)
	compared, plain := 0, 0
	for _, name := range names {
		r := sessions[name]
		host, peer := r.Header["server-dialect"], r.Header["client-dialect"]
		variant, options := r.Header["server-variant"], r.Header["client-options"]
		_, server := all.Server(host)
		_, client := all.Client(peer)
		if !server || !client {
			continue
		}
		setup, err := scenario.Pair(all, host+"/"+variant, peer+"/"+options)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		compare := func() {
			t.Helper()
			got, err := matrix.Run(setup)
			if got.Fault, got.Readable = "", false; got.Outcome != matrix.Refused {
				got.Code = 0
			}
			_, differs := otherwise[name]
			if want := came(r); err != nil || (got == want) == differs {
				t.Errorf("%s: %+v, %v, recorded %+v", name, got, err, want)
			}
		}
		wrong, as := strings.Contains(name, "--bad-password"), pinned(r, setup.Client)
		own := as.Mail == nil || as.Mail.From == setup.Client.Mail.From // two were sent in another's name
		if variant+options == "" && !wrong && own {
			if setup.Client.Mail != nil { // some were stopped at RCPT
				mail := *setup.Client.Mail
				mail.Stop = as.Mail.Stop
				setup.Client.Mail = &mail
			}
			compare()
			plain++
		}
		if wrong {
			setup.Client.User.Password.Text = "wrong"
		}
		setup.Client.Mail, setup.Client.Mechanisms, setup.Client.Quirks = as.Mail, as.Mechanisms, as.Quirks
		compare()
		compared++
	}
	if compared != 98 || plain != 25 {
		t.Errorf("%d pairs, %d of them as in the matrix", compared, plain)
	}
}
