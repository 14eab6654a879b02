// Writes check vectors of the real scheduler: random small clusters, and for one pod what every filter and every score
// of the default profile says of every node. Provenance of vectors.jsonl.gz; the tests do not run it.
//
//	go run . FIRST_SEED COUNT > vectors.jsonl      (module k8s.io/kubernetes v1.36.3)
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"time"

	v1 "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/events"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	internalcache "k8s.io/kubernetes/pkg/scheduler/backend/cache"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/defaultpreemption"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/feature"
	"k8s.io/kubernetes/pkg/scheduler/profile"
)

type nodeResult struct {
	Code     string           `json:"code"`
	Plugin   string           `json:"plugin,omitempty"`
	Reasons  []string         `json:"reasons,omitempty"`
	Scores   map[string]int64 `json:"scores,omitempty"`
	Total    int64            `json:"total,omitempty"`
	Victims  []string         `json:"victims,omitempty"`
	Violated int              `json:"violated,omitempty"`
}

type vector struct {
	Seed     int64                         `json:"seed"`
	Nodes    []*v1.Node                    `json:"nodes"`
	Services []*v1.Service                 `json:"services,omitempty"`
	Budgets  []*policy.PodDisruptionBudget `json:"budgets,omitempty"`
	Pods     []*v1.Pod                     `json:"pods"`
	Incoming *v1.Pod                       `json:"incoming"`
	Order    []string                      `json:"order"`
	Result   map[string]*nodeResult        `json:"result"`
	Message  string                        `json:"message,omitempty"`
}

type chooser struct{ *rand.Rand }

func (c chooser) chance(p float64) bool  { return c.Float64() < p }
func pick[T any](c chooser, list ...T) T { return list[c.Intn(len(list))] }

var zones = []string{"a", "b", "c"}
var apps = []string{"web", "api", "db"}
var keys = []string{"kubernetes.io/hostname", "topology.kubernetes.io/zone", "rack"}

func quantity(s string) resource.Quantity { return resource.MustParse(s) }

func (c chooser) node(i int) *v1.Node {
	labels := map[string]string{"kubernetes.io/hostname": fmt.Sprintf("n%d", i)}
	if c.chance(0.85) {
		labels["topology.kubernetes.io/zone"] = pick(c, zones...)
	}
	if c.chance(0.6) {
		labels["rack"] = pick(c, "r1", "r2")
	}
	if c.chance(0.5) {
		labels["disk"] = pick(c, "ssd", "hdd")
	}
	if c.chance(0.3) {
		labels["size"] = pick(c, "3", "12", "x")
	}
	n := &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("n%d", i), Labels: labels}}
	allocatable := v1.ResourceList{
		v1.ResourceCPU:    quantity(pick(c, "2", "4", "7910m", "16")),
		v1.ResourceMemory: quantity(pick(c, "3977916Ki", "8Gi", "16Gi", "32Gi")),
		v1.ResourcePods:   quantity(pick(c, "3", "5", "110", "110")),
	}
	if c.chance(0.3) {
		allocatable[v1.ResourceEphemeralStorage] = quantity("10Gi")
	}
	if c.chance(0.3) {
		allocatable["example.com/gpu"] = quantity(pick(c, "1", "4"))
	}
	n.Status.Allocatable = allocatable
	n.Spec.Unschedulable = c.chance(0.06)
	for _, key := range []string{"gpu", "old"} {
		if c.chance(0.1) {
			n.Spec.Taints = append(n.Spec.Taints, v1.Taint{Key: key, Value: pick(c, "", "yes"),
				Effect: pick(c, v1.TaintEffectNoSchedule, v1.TaintEffectPreferNoSchedule, v1.TaintEffectNoExecute)})
		}
	}
	if n.Spec.Unschedulable && c.chance(0.7) {
		n.Spec.Taints = append(n.Spec.Taints, v1.Taint{Key: "node.kubernetes.io/unschedulable", Effect: v1.TaintEffectNoSchedule})
	}
	for _, image := range []string{"web:v1", "web:v2", "side:latest"} {
		if c.chance(0.4) {
			// An image has one size wherever it is.
			size := map[string]int64{"web:v1": 600 << 20, "web:v2": 1500<<20 + 7, "side:latest": 90 << 20}[image]
			n.Status.Images = append(n.Status.Images, v1.ContainerImage{Names: []string{image}, SizeBytes: size})
		}
	}
	return n
}

func (c chooser) resources() v1.ResourceRequirements {
	r := v1.ResourceList{}
	if c.chance(0.75) {
		r[v1.ResourceCPU] = quantity(pick(c, "100m", "250m", "1", "1500m", "0"))
	}
	if c.chance(0.7) {
		r[v1.ResourceMemory] = quantity(pick(c, "64Mi", "1Gi", "777M", "3Gi"))
	}
	if c.chance(0.08) {
		r[v1.ResourceEphemeralStorage] = quantity("4Gi")
	}
	if c.chance(0.08) {
		r["example.com/gpu"] = quantity("1")
		return v1.ResourceRequirements{Requests: r, Limits: v1.ResourceList{"example.com/gpu": quantity("1")}}
	}
	return v1.ResourceRequirements{Requests: r}
}

func (c chooser) selector() *metav1.LabelSelector {
	switch c.Intn(10) {
	case 0:
		return nil
	case 1:
		return &metav1.LabelSelector{}
	case 2:
		return &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "app", Operator: pick(c,
			metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn), Values: []string{"web", "db"}}}}
	case 3:
		return &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "tier", Operator: pick(c,
			metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist)}}}
	}
	return &metav1.LabelSelector{MatchLabels: map[string]string{"app": pick(c, apps...)}}
}

func (c chooser) terms(p float64) []v1.PodAffinityTerm {
	var out []v1.PodAffinityTerm
	for c.chance(p) && len(out) < 2 {
		t := v1.PodAffinityTerm{LabelSelector: c.selector(), TopologyKey: pick(c, keys...)}
		if t.LabelSelector != nil && c.chance(0.15) {
			t.MatchLabelKeys = []string{"tier"}
			c.mergeKeys(&t)
		}
		out = append(out, t)
	}
	return out
}

// The API server writes matchLabelKeys into the selector when a pod is created; here the pod has tier=front then.
func (c chooser) mergeKeys(t *v1.PodAffinityTerm) {
	t.LabelSelector.MatchExpressions = append(t.LabelSelector.MatchExpressions,
		metav1.LabelSelectorRequirement{Key: "tier", Operator: metav1.LabelSelectorOpIn, Values: []string{"front"}})
	t.MatchLabelKeys = nil
}

func (c chooser) weighted(p float64) []v1.WeightedPodAffinityTerm {
	var out []v1.WeightedPodAffinityTerm
	for _, t := range c.terms(p) {
		out = append(out, v1.WeightedPodAffinityTerm{Weight: int32(1 + c.Intn(100)), PodAffinityTerm: t})
	}
	return out
}

func (c chooser) nodeTerm() v1.NodeSelectorTerm {
	switch c.Intn(6) {
	case 0:
		return v1.NodeSelectorTerm{MatchExpressions: []v1.NodeSelectorRequirement{{Key: "size",
			Operator: pick(c, v1.NodeSelectorOpGt, v1.NodeSelectorOpLt), Values: []string{"5"}}}}
	case 1:
		return v1.NodeSelectorTerm{MatchExpressions: []v1.NodeSelectorRequirement{{Key: "rack",
			Operator: pick(c, v1.NodeSelectorOpExists, v1.NodeSelectorOpDoesNotExist)}}}
	case 2:
		return v1.NodeSelectorTerm{MatchFields: []v1.NodeSelectorRequirement{{Key: "metadata.name",
			Operator: pick(c, v1.NodeSelectorOpIn, v1.NodeSelectorOpNotIn), Values: []string{"n1"}}}}
	case 3:
		return v1.NodeSelectorTerm{}
	}
	return v1.NodeSelectorTerm{MatchExpressions: []v1.NodeSelectorRequirement{{Key: pick(c, "disk", "topology.kubernetes.io/zone"),
		Operator: pick(c, v1.NodeSelectorOpIn, v1.NodeSelectorOpNotIn), Values: []string{pick(c, "ssd", "a"), "b"}}}}
}

func (c chooser) pod(name string, rich float64) *v1.Pod {
	p := &v1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default", UID: types.UID(name), Labels: map[string]string{"app": pick(c, apps...)}}}
	if c.chance(0.4) {
		p.Labels["tier"] = pick(c, "front", "back")
	}
	spec := &p.Spec
	for i := 0; i == 0 || (i < 3 && c.chance(0.3)); i++ {
		container := v1.Container{Name: fmt.Sprintf("c%d", i), Image: pick(c, "web:v1", "web:v2", "side", "other:1"), Resources: c.resources()}
		if c.chance(0.2) {
			container.Ports = []v1.ContainerPort{{ContainerPort: 80, HostPort: int32(pick(c, 8080, 9090)), Protocol: pick(c, v1.ProtocolTCP, v1.ProtocolTCP, v1.ProtocolUDP), HostIP: pick(c, "", "", "10.0.0.1", "10.0.0.2")}}
		}
		spec.Containers = append(spec.Containers, container)
	}
	always := v1.ContainerRestartPolicyAlways
	for i := 0; i < 2 && c.chance(0.2); i++ {
		init := v1.Container{Name: fmt.Sprintf("i%d", i), Image: pick(c, "web:v1", "side:latest"), Resources: c.resources()}
		if c.chance(0.5) {
			init.RestartPolicy = &always
		}
		spec.InitContainers = append(spec.InitContainers, init)
	}
	if c.chance(0.05) {
		spec.Overhead = v1.ResourceList{v1.ResourceCPU: quantity("50m"), v1.ResourceMemory: quantity("32Mi")}
	}
	if c.chance(rich * 0.5) {
		spec.Tolerations = append(spec.Tolerations, v1.Toleration{Key: pick(c, "gpu", "old", ""), Operator: v1.TolerationOpExists, Effect: pick(c, v1.TaintEffectNoSchedule, v1.TaintEffect(""))})
	}
	if c.chance(rich * 0.2) {
		spec.Tolerations = append(spec.Tolerations, v1.Toleration{Key: "old", Operator: v1.TolerationOpEqual, Value: "yes", Effect: v1.TaintEffectPreferNoSchedule})
	}
	if c.chance(rich * 0.15) {
		spec.NodeSelector = map[string]string{"disk": pick(c, "ssd", "hdd")}
	}
	affinity := &v1.Affinity{NodeAffinity: &v1.NodeAffinity{}, PodAffinity: &v1.PodAffinity{}, PodAntiAffinity: &v1.PodAntiAffinity{}}
	if c.chance(rich * 0.2) {
		terms := []v1.NodeSelectorTerm{c.nodeTerm()}
		if c.chance(0.5) {
			terms = append(terms, c.nodeTerm())
		}
		affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution = &v1.NodeSelector{NodeSelectorTerms: terms}
	}
	for c.chance(rich*0.4) && len(affinity.NodeAffinity.PreferredDuringSchedulingIgnoredDuringExecution) < 3 {
		affinity.NodeAffinity.PreferredDuringSchedulingIgnoredDuringExecution = append(affinity.NodeAffinity.PreferredDuringSchedulingIgnoredDuringExecution,
			v1.PreferredSchedulingTerm{Weight: int32(1 + c.Intn(100)), Preference: c.nodeTerm()})
	}
	affinity.PodAffinity.RequiredDuringSchedulingIgnoredDuringExecution = c.terms(rich * 0.2)
	affinity.PodAffinity.PreferredDuringSchedulingIgnoredDuringExecution = c.weighted(rich * 0.3)
	affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution = c.terms(rich * 0.2)
	affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution = c.weighted(rich * 0.3)
	spec.Affinity = affinity
	seen := map[string]bool{}
	for c.chance(rich*0.55) && len(spec.TopologySpreadConstraints) < 3 {
		t := v1.TopologySpreadConstraint{MaxSkew: int32(1 + c.Intn(3)), TopologyKey: pick(c, keys...), LabelSelector: c.selector(),
			WhenUnsatisfiable: pick(c, v1.DoNotSchedule, v1.ScheduleAnyway)}
		if seen[t.TopologyKey+string(t.WhenUnsatisfiable)] {
			continue
		}
		seen[t.TopologyKey+string(t.WhenUnsatisfiable)] = true
		if t.WhenUnsatisfiable == v1.DoNotSchedule && c.chance(0.3) {
			domains := int32(2 + c.Intn(3))
			t.MinDomains = &domains
		}
		if c.chance(0.3) {
			policy := pick(c, v1.NodeInclusionPolicyHonor, v1.NodeInclusionPolicyIgnore)
			t.NodeAffinityPolicy = &policy
		}
		if c.chance(0.3) {
			policy := pick(c, v1.NodeInclusionPolicyHonor, v1.NodeInclusionPolicyIgnore)
			t.NodeTaintsPolicy = &policy
		}
		if t.LabelSelector != nil && c.chance(0.2) {
			t.MatchLabelKeys = []string{"tier"}
		}
		spec.TopologySpreadConstraints = append(spec.TopologySpreadConstraints, t)
	}
	priority := int32(pick(c, 0, 0, 0, 10, 1000))
	spec.Priority = &priority
	return p
}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func generate(seed int64) *vector {
	c := chooser{rand.New(rand.NewSource(seed))}
	v := &vector{Seed: seed, Result: map[string]*nodeResult{}}
	rich := pick(c, 0.0, 0.3, 1.0)
	for i := 0; i < 1+c.Intn(8); i++ {
		v.Nodes = append(v.Nodes, c.node(i))
	}
	for i := 0; i < c.Intn(14); i++ {
		p := c.pod(fmt.Sprintf("p%d", i), rich*0.6)
		p.Spec.NodeName = v.Nodes[c.Intn(len(v.Nodes))].Name
		start := metav1.NewTime(epoch.Add(time.Duration(c.Intn(100)) * time.Second))
		p.Status.StartTime = &start
		if c.chance(0.15) {
			p.DeletionTimestamp = &start
		}
		v.Pods = append(v.Pods, p)
	}
	for i := 0; c.chance(0.4) && i < 2; i++ {
		selector := map[string]string{"app": pick(c, apps...)}
		if c.chance(0.2) {
			selector["tier"] = "front"
		}
		v.Services = append(v.Services, &v1.Service{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("s%d", i), Namespace: "default"}, Spec: v1.ServiceSpec{Selector: selector}})
	}
	for i := 0; c.chance(0.4) && i < 2; i++ {
		one := intstr.FromInt32(1)
		b := &policy.PodDisruptionBudget{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("b%d", i), Namespace: "default"},
			Spec: policy.PodDisruptionBudgetSpec{MaxUnavailable: &one, Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": pick(c, apps...)}}}}
		b.Status.DisruptionsAllowed = int32(c.Intn(3))
		v.Budgets = append(v.Budgets, b)
	}
	v.Incoming = c.pod("incoming", rich)
	return v
}

func main() {
	first, _ := strconv.ParseInt(os.Args[1], 10, 64)
	count, _ := strconv.ParseInt(os.Args[2], 10, 64)
	klog.SetOutput(os.Stderr)
	klog.LogToStderr(false)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	client := fake.NewClientset()
	factory := informers.NewSharedInformerFactory(client, 0)
	recorder := profile.RecorderFactory(func(string) events.EventRecorderLogger { return &events.FakeRecorder{} })
	sched, err := scheduler.New(ctx, client, factory, nil, recorder)
	if err != nil {
		panic(err)
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	namespace := &v1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "default"}}
	_ = factory.Core().V1().Namespaces().Informer().GetIndexer().Add(namespace)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for seed := first; seed < first+count; seed++ {
		v := generate(seed)
		measure(ctx, sched, factory, v)
		_ = encoder.Encode(v)
	}
}

func measure(ctx context.Context, sched *scheduler.Scheduler, factory informers.SharedInformerFactory, v *vector) {
	logger := klog.FromContext(ctx)
	services := factory.Core().V1().Services().Informer().GetIndexer()
	for _, s := range v.Services {
		_ = services.Add(s)
	}
	for _, n := range v.Nodes {
		sched.Cache.AddNode(logger, n)
	}
	for _, p := range v.Pods {
		_ = sched.Cache.AddPod(logger, p)
	}
	f := sched.Profiles["default-scheduler"]
	snapshot := f.SnapshotSharedLister().(*internalcache.Snapshot)
	if err := sched.Cache.UpdateSnapshot(logger, snapshot); err != nil {
		panic(err)
	}
	run(ctx, f, v)
	for _, p := range v.Pods {
		_ = sched.Cache.RemovePod(logger, p)
	}
	for _, n := range v.Nodes {
		_ = sched.Cache.RemoveNode(logger, n)
	}
	for _, s := range v.Services {
		_ = services.Delete(s)
	}
	// Without this the next case would inherit the order of its nodes' names.
	if err := sched.Cache.UpdateSnapshot(logger, snapshot); err != nil {
		panic(err)
	}
}

func run(ctx context.Context, f framework.Framework, v *vector) {
	state := framework.NewCycleState()
	nodes, _ := f.SnapshotSharedLister().NodeInfos().List()
	for _, n := range nodes {
		v.Order = append(v.Order, n.Node().Name)
	}
	pre, status, plugins := f.RunPreFilterPlugins(ctx, state, v.Incoming)
	diagnosis := framework.Diagnosis{NodeToStatus: framework.NewDefaultNodeToStatus(), UnschedulablePlugins: plugins}
	if !status.IsSuccess() {
		diagnosis.NodeToStatus.SetAbsentNodesStatus(status)
		diagnosis.PreFilterMsg = status.Message()
		for _, n := range nodes {
			v.Result[n.Node().Name] = &nodeResult{Code: status.Code().String(), Plugin: status.Plugin(), Reasons: status.Reasons()}
		}
	}
	if !pre.AllNodes() {
		diagnosis.NodeToStatus.SetAbsentNodesStatus(fwk.NewStatus(fwk.UnschedulableAndUnresolvable, fmt.Sprintf("node(s) didn't satisfy plugin(s) %v", sets.List(plugins))))
	}
	var feasible []fwk.NodeInfo
	for _, n := range nodes {
		name := n.Node().Name
		if !status.IsSuccess() {
			break
		}
		if !pre.AllNodes() && !pre.NodeNames.Has(name) {
			v.Result[name] = &nodeResult{Code: "Absent"}
			continue
		}
		s := f.RunFilterPluginsWithNominatedPods(ctx, state, v.Incoming, n)
		if s.IsSuccess() {
			v.Result[name] = &nodeResult{Code: "Success"}
			feasible = append(feasible, n)
			continue
		}
		v.Result[name] = &nodeResult{Code: s.Code().String(), Plugin: s.Plugin(), Reasons: s.Reasons()}
		diagnosis.NodeToStatus.Set(name, s)
	}
	if len(feasible) == 0 {
		v.Message = (&framework.FitError{Pod: v.Incoming, NumAllNodes: len(nodes), Diagnosis: diagnosis}).Error()
		if status.IsSuccess() {
			victims(ctx, f, state, nodes, v)
		}
		return
	}
	if s := f.RunPreScorePlugins(ctx, state, v.Incoming, feasible); !s.IsSuccess() {
		panic(s.Message())
	}
	scores, s := f.RunScorePlugins(ctx, state, v.Incoming, feasible)
	if !s.IsSuccess() {
		panic(s.Message())
	}
	for _, score := range scores {
		r := v.Result[score.Name]
		r.Total = score.TotalScore
		r.Scores = map[string]int64{}
		for _, each := range score.Scores {
			r.Scores[each.Name] = each.Score
		}
	}
}

// What preemption would remove from each node whose rejection it may mend.
func victims(ctx context.Context, f framework.Framework, state fwk.CycleState, nodes []fwk.NodeInfo, v *vector) {
	pl, ok := postFilter(f)
	if !ok {
		panic("no DefaultPreemption")
	}
	for _, n := range nodes {
		r := v.Result[n.Node().Name]
		if r.Code != "Unschedulable" {
			continue
		}
		pods, violated, s := pl.SelectVictimsOnNode(ctx, state.Clone(), v.Incoming, n.Snapshot(), v.Budgets)
		if !s.IsSuccess() {
			continue
		}
		for _, p := range pods {
			r.Victims = append(r.Victims, p.Name)
		}
		r.Violated = violated
	}
}

var made *defaultpreemption.DefaultPreemption

func postFilter(f framework.Framework) (*defaultpreemption.DefaultPreemption, bool) {
	if made == nil {
		pl, err := defaultpreemption.New(context.Background(), &config.DefaultPreemptionArgs{MinCandidateNodesPercentage: 10, MinCandidateNodesAbsolute: 100}, f, feature.Features{EnableAsyncPreemption: true})
		if err != nil {
			return nil, false
		}
		made = pl
	}
	return made, true
}
