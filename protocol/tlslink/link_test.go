package tlslink

import (
	"testing"
	"time"
)

func TestHandshake(t *testing.T) {
	id, err := MakeIdentity([]byte("seed"), "mail.example.org", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), CertsWanted{})
	if err != nil {
		t.Fatal(err)
	}
	c, s := NewClient(id, Options{Host: "mail.example.org"}), NewServer(id, Options{})
	defer c.Close()
	defer s.Close()
	c.Start()
	s.Start()
	for range 4 {
		s.Feed(c.Take())
		c.Feed(s.Take())
	}
	_, cup := c.Up()
	_, sup := s.Up()
	if !cup || !sup {
		t.Fatalf("client up %v (%v), server up %v (%v)", cup, c.Err(), sup, s.Err())
	}
	c.Write([]byte("EHLO x\r\n"))
	if got := string(s.Feed(c.Take())); got != "EHLO x\r\n" {
		t.Errorf("server read %q", got)
	}
}
