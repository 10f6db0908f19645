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
)

// The account of all recordings: a name that the dialect says, and this.
const password = "tanstaaftanstaaf"

// pins follow an AUTH exchange as far as it has to be pinned.
type pins struct {
	mechanism string
	said      []byte // the client's last line, decoded
}

// isAuth reports whether a line is an AUTH command.
func isAuth(line []byte) bool { return len(line) > 4 && strings.EqualFold(string(line[:5]), "AUTH ") }

// hear notes what a line of the client says.
func (p *pins) hear(line []byte) {
	words := bytes.Fields(line)
	if len(words) >= 2 && bytes.EqualFold(words[0], []byte("AUTH")) {
		p.mechanism = strings.ToUpper(string(words[1]))
		line = nil
		if len(words) > 2 {
			line = words[2]
		}
	}
	p.said, _ = base64.StdEncoding.DecodeString(string(line))
}

var (
	nonceOf = regexp.MustCompile(`nonce="([^"]*)"`)
	realmOf = regexp.MustCompile(`realm="([^"]*)"`)
	scramOf = regexp.MustCompile(`^r=([^,]*),s=([^,]*),i=(\d+)`)
	clientR = regexp.MustCompile(`,r=([^,]*)`)
)

// pin says what makes a server's half give this challenge.
func (p *pins) pin(text []byte) (challenge, nonce, realm string) {
	c, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil || len(c) == 0 {
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

// decoded is base64 taken off, or nothing.
func decoded(text string) string {
	octets, _ := base64.StdEncoding.DecodeString(text)
	return string(octets)
}

func first(re *regexp.Regexp, in []byte) string {
	m := re.FindSubmatch(in)
	if m == nil {
		return ""
	}
	return string(m[1])
}

// random reports whether two replies are challenges that differ on every run.
func (p *pins) random(recorded, ours []string) bool {
	fresh := p.mechanism == "CRAM-MD5" || p.mechanism == "DIGEST-MD5" || p.mechanism == "NTLM" ||
		strings.HasPrefix(p.mechanism, "SCRAM-")
	return fresh && len(recorded) == 1 && len(ours) == 1 && len(recorded[0]) > 4 && len(ours[0]) > 4 &&
		strings.HasPrefix(recorded[0], "334 ") && strings.HasPrefix(ours[0], "334 ")
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
	for _, l := range r.Lines {
		switch {
		case l.Who == Client:
			p.hear(l.Octets)
			if bytes.HasPrefix(bytes.ToUpper(l.Octets), []byte("AUTH ")) {
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
		case l.Who == Server && bytes.HasPrefix(l.Octets, []byte("235")):
			known := slices.ContainsFunc(list, func(a sasl.Account) bool { return a.Name == string(name) })
			if len(name) > 0 && !known && len(passwd) > 0 {
				list = append(list, sasl.Account{Name: string(name), Password: sasl.Secret{Text: string(passwd)}, Stored: sasl.Clear})
			}
			name, passwd = nil, nil
		case l.Who == Server && bytes.HasPrefix(l.Octets, []byte("334 ")):
			c, _ := base64.StdEncoding.DecodeString(string(l.Octets[4:]))
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
