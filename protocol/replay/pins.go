package replay

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/transcript"
)

// The account of all recordings: a name that the dialect says, and this.
const password = "tanstaaftanstaaf"

// pins follow an AUTH exchange as far as it has to be pinned.
type pins struct {
	mechanism string
	said      []byte // the client's last line, decoded
}

// hear notes what a line of the client says.
func (p *pins) hear(l *transcript.Line) {
	if l.Verb == smtp.AUTH {
		p.mechanism = strings.ToUpper(string(l.Mechanism()))
	}
	p.said, _ = l.Decoded()
}

var (
	nonceOf = regexp.MustCompile(`nonce="([^"]*)"`)
	realmOf = regexp.MustCompile(`realm="([^"]*)"`)
	scramOf = regexp.MustCompile(`^r=([^,]*),s=([^,]*),i=(\d+)`)
	clientR = regexp.MustCompile(`,r=([^,]*)`)
)

// pin says what makes a server's half give this challenge.
func (p *pins) pin(l *transcript.Line) (challenge, nonce, realm string) {
	c, _ := l.Decoded()
	if len(c) == 0 {
		return "", "", ""
	}
	switch {
	case p.mechanism == "CRAM-MD5":
		return string(c), "", ""
	case p.mechanism == "DIGEST-MD5":
		return "", first(nonceOf, c), first(realmOf, c)
	case p.mechanism == "NTLM" && len(c) >= 32: // the server's challenge (MS-NLMP §2.2.1.2)
		return "", hex.EncodeToString(c[24:32]), ""
	case strings.HasPrefix(p.mechanism, "SCRAM-"):
		return "", strings.TrimPrefix(first(scramOf, c), first(clientR, p.said)), ""
	}
	return "", "", ""
}

func first(re *regexp.Regexp, in []byte) string {
	m := re.FindSubmatch(in)
	if m == nil {
		return ""
	}
	return string(m[1])
}

// random reports whether what was recorded and a reply of the same code are
// challenges that differ on every run.
func (p *pins) random(recorded *transcript.Line, ours []string) bool {
	fresh := p.mechanism == "CRAM-MD5" || p.mechanism == "DIGEST-MD5" || p.mechanism == "NTLM" ||
		strings.HasPrefix(p.mechanism, "SCRAM-")
	return fresh && recorded.Base64.Length > 0 && recorded.Kind == transcript.Challenge && len(ours) == 1 && len(ours[0]) > len("334 ")
}

// accounts are those given, and those that the recording shows to be right,
// with the salt that it shows.
func accounts(r *Recording, given []sasl.Account) []sasl.Account {
	list := slices.Clone(given)
	var salt []byte
	iterations := 0
	var name, passwd []byte
	asked := 0
	var p pins
	for i := range r.Lines {
		l := &r.Lines[i]
		switch {
		case l.Side == transcript.Client:
			p.hear(l)
			if l.Verb == smtp.AUTH {
				asked = 0
			}
			switch {
			case p.mechanism == "PLAIN" && bytes.Count(p.said, []byte{0}) == 2:
				fields := bytes.Split(p.said, []byte{0})
				name, passwd = fields[1], fields[2]
			case p.mechanism == "LOGIN" && len(p.said) > 0:
				if asked++; asked == 1 {
					name = p.said
				} else if asked == 2 {
					passwd = p.said
				}
			}
		case l.Code == 235:
			known := slices.ContainsFunc(list, func(a sasl.Account) bool { return a.Name == string(name) })
			if len(name) > 0 && !known && len(passwd) > 0 {
				list = append(list, sasl.Account{Name: string(name), Password: sasl.Secret{Text: string(passwd)}, Stored: sasl.Clear})
			}
			name, passwd = nil, nil
		case l.Kind == transcript.Challenge:
			c, _ := l.Decoded()
			if m := scramOf.FindSubmatch(c); m != nil {
				salt, _ = base64.StdEncoding.DecodeString(string(m[2]))
				iterations, _ = strconv.Atoi(string(m[3]))
			}
		}
	}
	if iterations > 0 && iterations <= sasl.MaxIterations {
		for i := range list {
			list[i].Salt, list[i].Iterations = salt, iterations
		}
	}
	return list
}
