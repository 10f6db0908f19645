package api

import (
	"errors"
	"sync"
	"time"
)

// Memory is a Store that forgets everything with its program.
type Memory struct {
	Now    func() time.Time
	mutex  sync.Mutex
	values map[string]memo
}

type memo struct {
	value []byte
	until time.Time
}

// mostKept is how many values a Memory holds, 64 MiB of set-ups at most.
const mostKept = 1024

func (m *Memory) Get(key string) ([]byte, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if v, ok := m.values[key]; ok && m.Now().Before(v.until) {
		return v.value, nil
	}
	return nil, nil
}

func (m *Memory) Put(key string, value []byte, lasting time.Duration) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for key, v := range m.values {
		if !m.Now().Before(v.until) {
			delete(m.values, key)
		}
	}
	if len(m.values) >= mostKept {
		return errors.New("no more room")
	}
	if m.values == nil {
		m.values = map[string]memo{}
	}
	m.values[key] = memo{value, m.Now().Add(lasting)}
	return nil
}
