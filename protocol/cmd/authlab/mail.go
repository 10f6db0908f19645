package main

import (
	"crypto/rand"
	"fmt"
	"net"
	"strings"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/smtp"
)

// mail is the message that -send sends.
func (f *connectFlags) mail(host string) (*client.Mail, error) {
	if f.from == "" {
		if f.from = f.user; !strings.Contains(f.user, "@") {
			f.from += "@" + domain(host)
		}
	}
	if len(f.to) == 0 {
		f.to = list{f.from}
	}
	for _, address := range append(list{f.from}, f.to...) {
		if _, err := smtp.ParseMailbox(address); err != nil {
			return nil, bad("%q is no address; give -from and -to", address)
		}
	}
	m := &client.Mail{From: f.from, To: f.to}
	if f.message != "" {
		text, err := readFile(f.message, maxMessage)
		if err != nil {
			return nil, err
		}
		m.Text = string(text)
		return m, nil
	}
	m.Text = fmt.Sprintf("From: <%s>\r\nTo: <%s>\r\nSubject: A test of authlab\r\nDate: %s\r\nMessage-ID: <%s@authlab.invalid>\r\n\r\n"+
		"This message was sent to see whether it would be taken.\r\n",
		f.from, strings.Join(f.to, ">, <"), time.Now().Format(time.RFC1123Z), strings.ToLower(rand.Text()))
	return m, nil
}

// domain is a host as mail addresses have it.
func domain(host string) string {
	if net.ParseIP(host) == nil {
		return host
	}
	if strings.Contains(host, ":") {
		return "[IPv6:" + host + "]"
	}
	return "[" + host + "]"
}
