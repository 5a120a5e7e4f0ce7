package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.examples.service.http.Description;
import io.serverlesscontainers.examples.service.http.HostileInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Where an Orchestrator takes names and values from whoever asks, and which of the hostile ones are right there. */
final class OrchestratorPlaces {
    private static final Predicate<String> NONE = value -> false;
    private static final Predicate<String> AMOUNT =
            Pattern.compile("\"?[0-9]{1,15}\"?").asMatchPredicate();
    private static final Predicate<String> NUMBER =
            Pattern.compile("\"?-?[0-9]{1,15}\"?").asMatchPredicate();
    private static final Predicate<String> NULL = "null"::equals;
    private static final Predicate<String> FLAG = NULL.or("true"::equals);
    private static final Predicate<String> EMPTY = "{}"::equals;
    private static final Predicate<String> OBJECT = EMPTY.or("{\"a\":\"cpu\"}"::equals);
    private static final Predicate<String> LIST = value -> value.startsWith("[") && value.endsWith("]");
    private static final Predicate<String> ANYTHING = value -> true;

    private static final String CONTAINER = """
            {"container":{"name":"cont1","subtype":"container","host":"host1","host_rescaler_ip":"127.0.0.1",\
            "host_rescaler_port":"SCALER","guard":false,"resources":{"cpu":{"max":200,"current":100,"min":50}}},\
            "limits":{"resources":{"cpu":{"boundary":10}}}}""";
    private static final String HOST = """
            {"name":"host9","host":"host9","subtype":"host","host_rescaler_ip":"127.0.0.1",\
            "host_rescaler_port":"SCALER","resources":{"cpu":{"max":400,"free":400},"mem":{"max":100,"free":100},\
            "disks":[]}}""";
    private static final String APPLICATION = """
            {"app":{"name":"app9","subtype":"application","guard":false,"own":1,"containers":[],\
            "resources":{"cpu":{"max":100,"min":50}}},\
            "limits":{"resources":{"cpu":{"boundary":10,"boundary_type":"percentage_of_max"}}}}""";
    private static final String USER = """
            {"user":{"name":"user9","subtype":"user","guard":false,"resources":{"cpu":{"max":100,"min":50}}}}""";

    /** What leads to something in a path, if nothing else is in it. */
    private static final Set<String> WORDS = Set.of(
            "",
            "structure",
            "rule",
            "service",
            "user",
            "heartbeat",
            "metrics",
            "openapi.json",
            "container",
            "host",
            "apps",
            "cont0",
            "host0",
            "host1",
            "app0",
            "CpuRescaleUp",
            "guardian",
            "user0",
            "resources",
            "limits",
            "cpu",
            "mem",
            "guard",
            "unguard",
            "max",
            "min",
            "boundary",
            "boundary_type",
            "activate",
            "deactivate",
            "amount",
            "policy",
            "events_required",
            "ACTIVE");

    private OrchestratorPlaces() {}

    /**
     * A request with a place for something hostile, {@code %s}.
     *
     * @param right what may be there
     */
    record Place(String method, String path, String body, Predicate<String> right) {
        boolean isRight(String value) {
            return !HostileInput.isNowhereRight(value) && right.test(value);
        }
    }

    /** What has to be asked for first. */
    static List<String> preparation() {
        return List.of(
                "curl -X PUT -d '" + HOST.replace("host9", "host1") + "' http://a/structure/host/host1",
                "curl -X PUT -d '" + APPLICATION.replace("app9", "app0") + "' http://a/structure/apps/app0");
    }

    /** Bodies that are right somewhere. */
    static List<String> goodBodies() {
        return List.of("{\"value\":77}", "{\"resources\":[\"cpu\"]}", "{\"ACTIVE\":false}", CONTAINER, HOST, USER);
    }

    /** Paths with methods that they do not have. */
    static List<Place> nowhere(Description description) {
        var paths = new TreeSet<String>(List.of("/", "//", "/x", "/openapi.json/../x", "/structure/cont0/guard/x"));
        for (String operation : description.operations()) {
            paths.add(operation
                    .substring(operation.indexOf('/'))
                    .replace("{resource}", "cpu")
                    .replaceAll("\\{[a-z]+}", "cont0"));
        }
        var places = new ArrayList<Place>();
        for (String path : paths) {
            for (String method : List.of("GET", "PUT", "POST", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND")) {
                if (description.operation(method, path).isEmpty()) {
                    places.add(new Place(method, path, "", NONE));
                    places.add(new Place(method, path + "/", "", NONE));
                }
            }
        }
        return places;
    }

    /** A good request but for a name in its path. */
    static List<Place> named() {
        var places = new ArrayList<Place>();
        for (String path : List.of(
                "/%s",
                "/structure/%s",
                "/structure/%s/resources",
                "/structure/%s/resources/cpu",
                "/structure/%s/resources/cpu/max",
                "/structure/cont0/%s",
                "/structure/cont0/resources/%s",
                "/structure/cont0/resources/cpu/%s",
                "/structure/%s/limits",
                "/structure/cont0/limits/%s",
                "/rule/%s",
                "/service/%s",
                "/user/%s")) {
            places.add(new Place("GET", path, "", NONE));
        }
        for (String path : List.of(
                "/structure/%s/guard",
                "/structure/%s/unguard",
                "/structure/cont0/resources/%s/guard",
                "/structure/%s/resources/cpu/unguard",
                "/rule/%s/activate",
                "/rule/%s/deactivate",
                "/structure/container/%s/app0",
                "/structure/container/cont0/%s")) {
            places.add(new Place("PUT", path, "", NONE));
        }
        for (String path : List.of(
                "/structure/host/%s",
                "/structure/apps/%s",
                "/structure/container/%s",
                "/structure/container/%s/app0",
                "/structure/container/cont0/%s",
                "/user/%s")) {
            places.add(new Place("DELETE", path, "", NONE));
        }
        for (String path : List.of(
                "/structure/%s/resources/cpu/max",
                "/structure/cont0/resources/%s/max",
                "/structure/%s/resources/cpu/min",
                "/structure/%s/limits/cpu/boundary",
                "/structure/cont0/limits/%s/boundary",
                "/rule/%s/amount",
                "/service/%s/OWN")) {
            places.add(new Place("PUT", path, "{\"value\":77}", NONE));
        }
        places.add(new Place("PUT", "/structure/%s/resources/guard", "{\"resources\":[\"cpu\"]}", NONE));
        places.add(
                new Place("PUT", "/structure/%s/limits/cpu/boundary_type", "{\"value\":\"percentage_of_max\"}", NONE));
        places.add(new Place("PUT", "/rule/%s/policy", "{\"value\":\"proportional\"}", NONE));
        places.add(new Place("PUT", "/rule/%s/events_required", "{\"event_type\":\"up\",\"value\":7}", NONE));
        places.add(new Place("PUT", "/service/%s", "{\"ACTIVE\":false}", NONE));
        places.add(new Place("PUT", "/structure/container/%s", CONTAINER, NONE));
        places.add(new Place("PUT", "/structure/host/%s", HOST, NONE));
        places.add(new Place("PUT", "/structure/apps/%s", APPLICATION, NONE));
        places.add(new Place("PUT", "/user/%s", USER, NONE));
        return places;
    }

    /** A good request but for a value in its body. */
    static List<Place> valued() {
        var places = new ArrayList<Place>();
        String value = "{\"value\":%s}";
        put(places, "/structure/cont0/resources/cpu/max", value, AMOUNT);
        put(places, "/structure/cont0/resources/cpu/min", value, AMOUNT);
        put(places, "/structure/cont0/resources/cpu/max", "%s", NONE);
        put(places, "/structure/cont0/resources/cpu/max", "[%s]", NONE);
        put(places, "/structure/cont0/resources/cpu/max", "{\"value\":77,\"value\":%s}", NONE);
        put(places, "/structure/cont0/resources/cpu/max", "{\"VALUE\":%s}", NONE);
        put(places, "/structure/cont0/limits/cpu/boundary", value, AMOUNT);
        put(places, "/structure/cont0/limits/cpu/boundary_type", value, NONE);
        put(places, "/structure/cont0/resources/guard", "{\"resources\":%s}", NONE);
        put(places, "/structure/cont0/resources/unguard", "{\"resources\":[\"cpu\",%s]}", NONE);
        put(places, "/rule/CpuRescaleUp/amount", value, NUMBER);
        put(places, "/rule/CpuRescaleUp/policy", value, NONE);
        put(places, "/rule/CpuRescaleUp/events_required", "{\"event_type\":%s,\"value\":2}", NONE);
        put(places, "/rule/CpuRescaleUp/events_required", "{\"event_type\":\"up\",\"value\":%s}", AMOUNT);
        put(places, "/service/guardian", "%s", OBJECT);
        put(places, "/service/guardian", "{\"DEBUG\":false,\"WINDOW_TIMELAPSE\":%s}", NONE);
        put(places, "/service/guardian", "{\"STRUCTURE_GUARDED\":%s,\"ACTIVE\":false}", NONE);
        put(places, "/service/guardian/WINDOW_DELAY", value, AMOUNT);
        put(places, "/service/guardian/ACTIVE", value, "true"::equals);
        put(places, "/service/guardian/GUARDABLE_RESOURCES", value, "[]"::equals);
        put(places, "/service/guardian/OWN", value, ANYTHING.and(OBJECT.or(NULL).negate()));
        newUser(places);
        newApplication(places);
        newHost(places);
        newContainer(places);
        return places;
    }

    /** A good request for something new, whatever its name. */
    static List<Place> created() {
        return List.of(
                new Place("PUT", "/user/%s", USER.replace("user9", "%s"), NONE),
                new Place("PUT", "/structure/apps/%s", APPLICATION.replace("app9", "%s"), NONE),
                new Place("PUT", "/structure/host/%s", HOST.replace("\"host9\"", "\"%s\""), NONE),
                new Place("PUT", "/structure/container/%s", CONTAINER.replace("cont1", "%s"), NONE));
    }

    private static void newUser(List<Place> places) {
        String path = "/user/user9";
        put(places, path, "%s", NONE);
        put(places, path, "{\"user\":%s}", NONE);
        put(places, path, USER.replace("\"user9\"", "%s"), NONE);
        put(places, path, USER.replace("\"subtype\":\"user\"", "\"subtype\":%s"), NONE);
        put(places, path, USER.replace("false", "%s"), FLAG);
        put(places, path, USER.replace("100", "%s"), value -> value.equals("2147483648000"));
        put(places, path, USER.replace("50", "%s"), "0"::equals);
        put(places, path, USER.replace("{\"max\":100,\"min\":50}", "%s"), OBJECT);
        put(places, path, USER.replace("{\"cpu\":{\"max\":100,\"min\":50}}", "%s"), EMPTY);
    }

    private static void newApplication(List<Place> places) {
        String path = "/structure/apps/app9";
        put(places, path, APPLICATION.replace("\"app9\"", "%s"), NONE);
        put(places, path, APPLICATION.replace("\"application\"", "%s"), NONE);
        put(places, path, APPLICATION.replace("[]", "%s"), NULL.or("[]"::equals));
        put(places, path, APPLICATION.replace(":1,", ":%s,"), ANYTHING);
        put(places, path, APPLICATION.replace("50", "%s"), "0"::equals);
        put(places, path, APPLICATION.replace(":10,", ":%s,"), NULL.or("0"::equals));
        put(places, path, APPLICATION.replace("\"percentage_of_max\"", "%s"), NULL);
        put(places, path, "{\"limits\":{\"resources\":{}},\"app\":%s}", NONE);
        put(places, path, APPLICATION.replaceFirst("\"limits\":.*", "\"limits\":%s}"), NONE);
        put(places, path, APPLICATION.replaceFirst("\"limits\":.*", "\"limits\":{\"resources\":%s}}"), EMPTY);
    }

    private static void newHost(List<Place> places) {
        String path = "/structure/host/host9";
        // A name that there might be would be looked for.
        Predicate<String> asked = value -> value.matches("\"[a-z0-9-]+\"");
        put(places, path, HOST.replace("\"name\":\"host9\"", "\"name\":%s"), NONE);
        put(places, path, HOST.replace("\"subtype\":\"host\"", "\"subtype\":%s"), NONE);
        put(places, path, HOST.replace("\"127.0.0.1\"", "%s"), asked);
        put(places, path, HOST.replace("\"SCALER\"", "%s"), NONE);
        put(places, path, HOST.replace("\"max\":400", "\"max\":%s"), NONE);
        put(places, path, HOST.replace("\"free\":100", "\"free\":%s"), AMOUNT);
        put(places, path, HOST.replace("[]", "%s"), OBJECT.or(LIST));
        put(places, path, HOST.replace("{\"max\":400,\"free\":400}", "%s"), NONE);
        put(places, path, HOST.replaceFirst("\"resources\":.*", "\"resources\":%s}"), NONE);
    }

    private static void newContainer(List<Place> places) {
        String path = "/structure/container/cont1";
        put(places, path, CONTAINER.replace("\"cont1\"", "%s"), NONE);
        put(places, path, CONTAINER.replace("\"subtype\":\"container\"", "\"subtype\":%s"), NONE);
        put(places, path, CONTAINER.replace("\"host1\"", "%s"), NONE);
        put(places, path, CONTAINER.replace("\"127.0.0.1\"", "%s"), value -> value.matches("\"[a-z0-9-]+\""));
        put(places, path, CONTAINER.replace("\"SCALER\"", "%s"), NONE);
        put(places, path, CONTAINER.replace("false", "%s"), FLAG);
        put(places, path, CONTAINER.replace("200", "%s"), value -> value.equals("2147483648000"));
        put(places, path, CONTAINER.replace(":100,", ":%s,"), AMOUNT);
        put(places, path, CONTAINER.replace("50", "%s"), "0"::equals);
        put(places, path, CONTAINER.replace(":10}", ":%s}"), AMOUNT.or(NULL));
        put(places, path, CONTAINER.replaceFirst("\"cpu\":\\{[^}]*}", "\"cpu\":%s"), NONE);
        put(places, path, CONTAINER.replaceFirst("\"cpu\":\\{[^}]*}", "\"gpu\":%s"), NONE);
        put(places, path, "{\"container\":%s,\"limits\":{\"resources\":{}}}", NONE);
    }

    private static void put(List<Place> places, String path, String body, Predicate<String> right) {
        places.add(new Place("PUT", path, body, right));
    }

    /** Whether all that is left of a path, once it is taken for what it means, are words that lead to something. */
    static boolean leadsToSomething(String target) {
        String path = target.replaceFirst("[?].*", "").replaceAll(";[^/]*", "").replaceAll("(?i)%2e", ".");
        var parts = new ArrayList<String>();
        for (String part : path.replaceAll("(?i)%2f", "/").split("/")) {
            if (part.equals("..")) {
                if (!parts.isEmpty()) {
                    parts.remove(parts.size() - 1);
                }
            } else if (!part.equals(".")) {
                parts.add(part);
            }
        }
        return WORDS.containsAll(parts);
    }
}
